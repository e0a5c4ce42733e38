using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class ReceiptHours : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "receipt_hours",
                schema: "app",
                table: "accounts",
                type: "integer",
                nullable: false,
                defaultValue: 72);

            migrationBuilder.AddCheckConstraint(
                name: "ck_accounts_receipt_hours",
                schema: "app",
                table: "accounts",
                sql: "receipt_hours between 1 and 720");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_accounts_receipt_hours",
                schema: "app",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "receipt_hours",
                schema: "app",
                table: "accounts");
        }
    }
}
