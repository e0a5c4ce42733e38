using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class PrepareAtSize : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_messages_number",
                schema: "app",
                table: "messages");

            migrationBuilder.DropPrimaryKey(
                name: "pk_list_members",
                schema: "app",
                table: "list_members");

            migrationBuilder.AddColumn<string>(
                name: "number",
                schema: "app",
                table: "list_members",
                type: "text",
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.AddColumn<long[]>(
                name: "numbers",
                schema: "app",
                table: "batches",
                type: "bigint[]",
                nullable: false,
                defaultValue: new long[0]);

            migrationBuilder.Sql("""
                update app.list_members m set number = c.number from app.contacts c where c.tenant_id = m.tenant_id and c.id = m.contact_id;
                alter table app.list_members alter number drop default;
                update app.batches b set numbers = array(
                    select m.number::bigint from app.messages m join app.sendings s on s.tenant_id = m.tenant_id and s.id = m.sending_id and s.month = m.month
                    where m.tenant_id = b.tenant_id and m.sending_id = b.sending_id and m.ordinal between b.first_ordinal and b.last_ordinal order by m.ordinal);
                alter table app.batches alter numbers drop default;
                """);

            migrationBuilder.AddPrimaryKey(
                name: "pk_list_members",
                schema: "app",
                table: "list_members",
                columns: new[] { "tenant_id", "list_id", "number" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_messages_number",
                schema: "app",
                table: "messages",
                sql: "number::bigint::text = number and number::bigint between 1000000 and 999999999999999");

            migrationBuilder.AddCheckConstraint(
                name: "ck_batches_numbers",
                schema: "app",
                table: "batches",
                sql: "cardinality(numbers) = last_ordinal - first_ordinal + 1");

            migrationBuilder.DropIndex(
                name: "ix_messages_tenant_id_month_sending_id_ordinal",
                schema: "app",
                table: "messages");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_messages_number",
                schema: "app",
                table: "messages");

            migrationBuilder.DropPrimaryKey(
                name: "pk_list_members",
                schema: "app",
                table: "list_members");

            migrationBuilder.DropCheckConstraint(
                name: "ck_batches_numbers",
                schema: "app",
                table: "batches");

            migrationBuilder.DropColumn(
                name: "number",
                schema: "app",
                table: "list_members");

            migrationBuilder.DropColumn(
                name: "numbers",
                schema: "app",
                table: "batches");

            migrationBuilder.AddPrimaryKey(
                name: "pk_list_members",
                schema: "app",
                table: "list_members",
                columns: new[] { "tenant_id", "list_id", "contact_id" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_tenant_id_month_sending_id_ordinal",
                schema: "app",
                table: "messages",
                columns: new[] { "tenant_id", "month", "sending_id", "ordinal" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_messages_number",
                schema: "app",
                table: "messages",
                sql: "number ~ '^[1-9][0-9]{6,14}$'");
        }
    }
}
