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
            migrationBuilder.DropIndex(
                name: "ix_messages_tenant_id_month_sending_id_ordinal",
                schema: "app",
                table: "messages");

            migrationBuilder.DropCheckConstraint(
                name: "ck_messages_number",
                schema: "app",
                table: "messages");

            migrationBuilder.DropPrimaryKey(
                name: "pk_list_members",
                schema: "app",
                table: "list_members");

            migrationBuilder.AddColumn<bool>(
                name: "prepare_whole",
                schema: "app",
                table: "sendings",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "own_text",
                schema: "app",
                table: "messages",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "number",
                schema: "app",
                table: "list_members",
                type: "text",
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.Sql("""
                update app.list_members m set number = c.number from app.contacts c where c.tenant_id = m.tenant_id and c.id = m.contact_id;
                alter table app.list_members alter number drop default;
                update app.messages m set own_text = true
                where exists (select from app.sending_texts t where t.tenant_id = m.tenant_id and t.sending_id = m.sending_id and t.text_no > 0);
                """);

            migrationBuilder.AddColumn<string>(
                name: "first_number",
                schema: "app",
                table: "batches",
                type: "text",
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "last_number",
                schema: "app",
                table: "batches",
                type: "text",
                nullable: false,
                defaultValue: ":",
                collation: "C");

            migrationBuilder.AddPrimaryKey(
                name: "pk_list_members",
                schema: "app",
                table: "list_members",
                columns: new[] { "tenant_id", "list_id", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_own_text",
                schema: "app",
                table: "messages",
                columns: new[] { "tenant_id", "month", "sending_id", "ordinal" },
                filter: "own_text");

            migrationBuilder.AddCheckConstraint(
                name: "ck_messages_number",
                schema: "app",
                table: "messages",
                sql: "number::bigint::text = number and number::bigint between 1000000 and 999999999999999");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_messages_own_text",
                schema: "app",
                table: "messages");

            migrationBuilder.DropCheckConstraint(
                name: "ck_messages_number",
                schema: "app",
                table: "messages");

            migrationBuilder.DropPrimaryKey(
                name: "pk_list_members",
                schema: "app",
                table: "list_members");

            migrationBuilder.DropColumn(
                name: "prepare_whole",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "own_text",
                schema: "app",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "number",
                schema: "app",
                table: "list_members");

            migrationBuilder.DropColumn(
                name: "first_number",
                schema: "app",
                table: "batches");

            migrationBuilder.DropColumn(
                name: "last_number",
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
