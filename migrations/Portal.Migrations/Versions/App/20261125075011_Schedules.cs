using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class Schedules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "missed_why",
                schema: "app",
                table: "campaigns",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "occurrence",
                schema: "app",
                table: "campaigns",
                type: "timestamp without time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "repeat_from",
                schema: "app",
                table: "campaigns",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "repeat_rule",
                schema: "app",
                table: "campaigns",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "repeat_until",
                schema: "app",
                table: "campaigns",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "repeat_within",
                schema: "app",
                table: "campaigns",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "schedule_id",
                schema: "app",
                table: "campaigns",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "schedules",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    list_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    time_zone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    rule = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    starts_on = table.Column<DateOnly>(type: "date", nullable: false),
                    ends_on = table.Column<DateOnly>(type: "date", nullable: true),
                    start_within = table.Column<int>(type: "integer", nullable: true),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    next_occurrence = table.Column<DateTime>(type: "timestamp without time zone", nullable: true),
                    next_due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    skipped = table.Column<DateTime[]>(type: "timestamp without time zone[]", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    created_by_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schedules", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_schedule_state", "state in ('paused', 'active', 'ended')");
                    table.CheckConstraint("ck_schedules_next", "(state = 'active') = (next_due_at is not null) and (next_due_at is null) = (next_occurrence is null)");
                    table.CheckConstraint("ck_schedules_within", "start_within >= 1");
                });

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_tenant_id_schedule_id_occurrence",
                schema: "app",
                table: "campaigns",
                columns: new[] { "tenant_id", "schedule_id", "occurrence" },
                unique: true,
                filter: "schedule_id is not null");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaigns_schedule",
                schema: "app",
                table: "campaigns",
                sql: "(schedule_id is null) = (occurrence is null)");

            migrationBuilder.CreateIndex(
                name: "ix_schedules_due",
                schema: "app",
                table: "schedules",
                columns: new[] { "tenant_id", "next_due_at" },
                filter: "state = 'active'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "schedules",
                schema: "app");

            migrationBuilder.DropIndex(
                name: "ix_campaigns_tenant_id_schedule_id_occurrence",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_schedule",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "missed_why",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "occurrence",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "repeat_from",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "repeat_rule",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "repeat_until",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "repeat_within",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "schedule_id",
                schema: "app",
                table: "campaigns");
        }
    }
}
