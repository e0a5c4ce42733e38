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
            migrationBuilder.Sql("alter table app.batches alter column numbers set storage external;");
            // A text whose fields are all there is never blank.
            migrationBuilder.Sql("update app.skips set reason = 'missing_field' where reason = 'empty_text';");
            migrationBuilder.DropCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips");

            migrationBuilder.AddCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips",
                sql: "reason in ('suppressed', 'country', 'trial', 'frequency', 'missing_field', 'quiet_hours')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("alter table app.batches alter column numbers set storage extended;");
            migrationBuilder.DropCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips");

            migrationBuilder.AddCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips",
                sql: "reason in ('suppressed', 'country', 'trial', 'frequency', 'missing_field', 'empty_text', 'quiet_hours')");
        }
    }
}
