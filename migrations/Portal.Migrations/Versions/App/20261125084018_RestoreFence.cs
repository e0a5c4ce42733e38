using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class RestoreFence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(Scripts.Read("dispatch_state"));

            migrationBuilder.AddColumn<long>(
                name: "dispatch_no",
                schema: "app",
                table: "attempts",
                type: "bigint",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "dispatch_no",
                schema: "app",
                table: "attempts");
        }
    }
}
