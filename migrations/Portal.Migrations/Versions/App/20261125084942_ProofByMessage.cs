using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class ProofByMessage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "proves_version",
                schema: "app",
                table: "sendings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_sendings_proves",
                schema: "app",
                table: "sendings",
                sql: "proves_version is null or (kind = 'test' and proves_version > 0)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_sendings_proves",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "proves_version",
                schema: "app",
                table: "sendings");
        }
    }
}
