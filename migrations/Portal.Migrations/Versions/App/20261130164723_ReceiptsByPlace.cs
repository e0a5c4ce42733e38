using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class ReceiptsByPlace : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_receipts",
                schema: "app",
                table: "receipts");

            migrationBuilder.AddColumn<int>(
                name: "nth",
                schema: "app",
                table: "receipts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            // As the table's owner, who sees no tenant's rows while row-level security is forced on him as well.
            migrationBuilder.Sql("""
                alter table app.receipts no force row level security;
                update app.receipts r set nth = p.nth
                from (select tenant_id, month, sending_id, number, task_id, status, times, row_number() over (partition by tenant_id, month, sending_id, number order by seq, task_id, status, times) - 1 as nth
                      from app.receipts) p
                where p.nth > 0 and (r.tenant_id, r.month, r.sending_id, r.number, r.task_id, r.status, r.times) = (p.tenant_id, p.month, p.sending_id, p.number, p.task_id, p.status, p.times);
                alter table app.receipts alter column nth drop default;
                alter table app.receipts force row level security;
                """);

            migrationBuilder.AddPrimaryKey(
                name: "pk_receipts",
                schema: "app",
                table: "receipts",
                columns: new[] { "tenant_id", "month", "sending_id", "number", "nth" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_receipts",
                schema: "app",
                table: "receipts");

            migrationBuilder.DropColumn(
                name: "nth",
                schema: "app",
                table: "receipts");

            migrationBuilder.AddPrimaryKey(
                name: "pk_receipts",
                schema: "app",
                table: "receipts",
                columns: new[] { "tenant_id", "month", "sending_id", "number", "task_id", "status", "times" });
        }
    }
}
