using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class Limits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaign_state",
                schema: "app",
                table: "campaigns");

            migrationBuilder.AddColumn<int>(
                name: "approval_above",
                schema: "app",
                table: "tenant_settings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "extra_countries",
                schema: "app",
                table: "tenant_settings",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<int>(
                name: "frequency_days",
                schema: "app",
                table: "tenant_settings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "frequency_most",
                schema: "app",
                table: "tenant_settings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "waits_for",
                schema: "app",
                table: "sendings",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "waits_until",
                schema: "app",
                table: "sendings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "country",
                schema: "app",
                table: "contacts",
                type: "character varying(2)",
                maxLength: 2,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "approved_by",
                schema: "app",
                table: "campaigns",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "asked_at",
                schema: "app",
                table: "campaigns",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "asked_by",
                schema: "app",
                table: "campaigns",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "asked_by_name",
                schema: "app",
                table: "campaigns",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "counted_on",
                schema: "app",
                table: "attempts",
                type: "date",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "limits",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    set_by = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    day_messages = table.Column<int>(type: "integer", nullable: true),
                    day_segments = table.Column<int>(type: "integer", nullable: true),
                    month_messages = table.Column<int>(type: "integer", nullable: true),
                    month_segments = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_limits", x => new { x.tenant_id, x.account_id, x.set_by });
                    table.CheckConstraint("ck_limit_set_by", "set_by in ('tenant', 'operator')");
                    table.CheckConstraint("ck_limits_figures", "day_messages > 0 and day_segments > 0 and month_messages > 0 and month_segments > 0");
                });

            migrationBuilder.CreateTable(
                name: "own_numbers",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    slot = table.Column<short>(type: "smallint", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    added_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    added_by_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_own_numbers", x => new { x.tenant_id, x.slot });
                    table.CheckConstraint("ck_own_numbers_number", "number ~ '^[1-9][0-9]{6,14}$'");
                    table.CheckConstraint("ck_own_numbers_slot", "slot between 1 and 5");
                });

            migrationBuilder.CreateTable(
                name: "trials",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_trials", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "usage",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    slot = table.Column<short>(type: "smallint", nullable: false),
                    messages = table.Column<long>(type: "bigint", nullable: false),
                    segments = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage", x => new { x.tenant_id, x.day, x.account_id, x.slot });
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_tenant_settings_approval",
                schema: "app",
                table: "tenant_settings",
                sql: "approval_above >= 0");

            migrationBuilder.AddCheckConstraint(
                name: "ck_tenant_settings_frequency",
                schema: "app",
                table: "tenant_settings",
                sql: "(frequency_most is null) = (frequency_days is null) and frequency_most between 1 and 100 and frequency_days between 1 and 90");

            migrationBuilder.AddCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips",
                sql: "reason in ('suppressed', 'country', 'trial', 'frequency', 'missing_field', 'empty_text')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaign_state",
                schema: "app",
                table: "campaigns",
                sql: "state in ('draft', 'awaiting_approval', 'scheduled', 'started', 'cancelled')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaigns_approved",
                schema: "app",
                table: "campaigns",
                sql: "approved_by is null or (asked_by is not null and approved_by <> asked_by and approved_by <> created_by)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaigns_asked",
                schema: "app",
                table: "campaigns",
                sql: "state <> 'awaiting_approval' or (asked_by is not null and asked_at is not null and account_id is not null and text <> '')");

            migrationBuilder.CreateIndex(
                name: "ix_own_numbers_tenant_id_number",
                schema: "app",
                table: "own_numbers",
                columns: new[] { "tenant_id", "number" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "limits",
                schema: "app");

            migrationBuilder.DropTable(
                name: "own_numbers",
                schema: "app");

            migrationBuilder.DropTable(
                name: "trials",
                schema: "app");

            migrationBuilder.DropTable(
                name: "usage",
                schema: "app");

            migrationBuilder.DropCheckConstraint(
                name: "ck_tenant_settings_approval",
                schema: "app",
                table: "tenant_settings");

            migrationBuilder.DropCheckConstraint(
                name: "ck_tenant_settings_frequency",
                schema: "app",
                table: "tenant_settings");

            migrationBuilder.DropCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaign_state",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_approved",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_asked",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "approval_above",
                schema: "app",
                table: "tenant_settings");

            migrationBuilder.DropColumn(
                name: "extra_countries",
                schema: "app",
                table: "tenant_settings");

            migrationBuilder.DropColumn(
                name: "frequency_days",
                schema: "app",
                table: "tenant_settings");

            migrationBuilder.DropColumn(
                name: "frequency_most",
                schema: "app",
                table: "tenant_settings");

            migrationBuilder.DropColumn(
                name: "waits_for",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "waits_until",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "country",
                schema: "app",
                table: "contacts");

            migrationBuilder.DropColumn(
                name: "approved_by",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "asked_at",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "asked_by",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "asked_by_name",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "counted_on",
                schema: "app",
                table: "attempts");

            migrationBuilder.AddCheckConstraint(
                name: "ck_skip_reason",
                schema: "app",
                table: "skips",
                sql: "reason in ('suppressed', 'missing_field', 'empty_text')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaign_state",
                schema: "app",
                table: "campaigns",
                sql: "state in ('draft', 'scheduled', 'started', 'cancelled')");
        }
    }
}
