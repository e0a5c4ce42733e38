using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class QuietHours : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "last_at",
                schema: "app",
                table: "sendings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "quiet_hours",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    from_minute = table.Column<short>(type: "smallint", nullable: true),
                    to_minute = table.Column<short>(type: "smallint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_quiet_hours", x => new { x.tenant_id, x.country });
                    table.CheckConstraint("ck_quiet_hours_range", "(from_minute is null) = (to_minute is null) and from_minute between 0 and 1439 and to_minute between 0 and 1439 and from_minute <> to_minute");
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips",
                sql: "reason in ('suppressed', 'country', 'trial', 'frequency', 'missing_field', 'empty_text', 'quiet_hours')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "quiet_hours",
                schema: "app");

            migrationBuilder.DropCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips");

            migrationBuilder.DropColumn(
                name: "last_at",
                schema: "app",
                table: "sendings");

            migrationBuilder.AddCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips",
                sql: "reason in ('suppressed', 'country', 'trial', 'frequency', 'missing_field', 'empty_text')");
        }
    }
}
