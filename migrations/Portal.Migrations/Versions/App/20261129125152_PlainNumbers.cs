using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class PlainNumbers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Compressing the numbers of large batches takes most of the time that entering them does, while the attempts that begin wait.
            migrationBuilder.Sql("alter table app.batches alter column numbers set storage external");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("alter table app.batches alter column numbers set storage extended");
        }
    }
}
