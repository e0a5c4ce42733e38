using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class Dispatch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(Scripts.Read("dispatch_state"));

            migrationBuilder.DropIndex(
                name: "ix_batches_open",
                schema: "app",
                table: "batches");

            migrationBuilder.DropColumn(
                name: "doubt_settled",
                schema: "app",
                table: "sending_counts");

            migrationBuilder.AddColumn<int>(
                name: "canary",
                schema: "app",
                table: "sendings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "canary_minutes",
                schema: "app",
                table: "sendings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "canary_passed_at",
                schema: "app",
                table: "sendings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "canary_percent",
                schema: "app",
                table: "sendings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "paused_why",
                schema: "app",
                table: "sendings",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "proves_version",
                schema: "app",
                table: "sendings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "spread_until",
                schema: "app",
                table: "sendings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "not_taken",
                schema: "app",
                table: "sending_counts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "own_segments",
                schema: "app",
                table: "sending_counts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "canary_minutes",
                schema: "app",
                table: "campaigns",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "canary_people",
                schema: "app",
                table: "campaigns",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "canary_percent",
                schema: "app",
                table: "campaigns",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "finish_by",
                schema: "app",
                table: "campaigns",
                type: "timestamp without time zone",
                nullable: true);

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

            migrationBuilder.AddColumn<int>(
                name: "spread_minutes",
                schema: "app",
                table: "campaigns",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "rest_batch_no",
                schema: "app",
                table: "batches",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "search_code",
                schema: "app",
                table: "batches",
                type: "character varying(20)",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "settled",
                schema: "app",
                table: "batches",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "suspect_to",
                schema: "app",
                table: "batches",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "decided_at",
                schema: "app",
                table: "attempts",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "dispatch_no",
                schema: "app",
                table: "attempts",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "granted_at",
                schema: "app",
                table: "attempts",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            migrationBuilder.AddColumn<int>(
                name: "left_out",
                schema: "app",
                table: "attempts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "own_segments",
                schema: "app",
                table: "attempts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "no_halving",
                schema: "app",
                table: "accounts",
                type: "boolean",
                nullable: false,
                defaultValue: false);

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

            migrationBuilder.CreateTable(
                name: "stray_receipts",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    task_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stray_receipts", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "task_evidence",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    task_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    sending_id = table.Column<Guid>(type: "uuid", nullable: false),
                    batch_no = table.Column<int>(type: "integer", nullable: false),
                    attempt_no = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_task_evidence", x => new { x.tenant_id, x.account_id, x.task_id });
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_sendings_canary",
                schema: "app",
                table: "sendings",
                sql: "(canary is null) = (canary_percent is null) and (canary is null) = (canary_minutes is null) and canary > 0 and canary_percent between 1 and 100 and canary_minutes between 1 and 1440");

            migrationBuilder.AddCheckConstraint(
                name: "ck_sendings_paused",
                schema: "app",
                table: "sendings",
                sql: "paused_why is null or state = 'paused'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_sendings_proves",
                schema: "app",
                table: "sendings",
                sql: "proves_version is null or (kind = 'test' and proves_version > 0)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_sendings_spread",
                schema: "app",
                table: "sendings",
                sql: "spread_until > not_before");

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_tenant_id_schedule_id_occurrence",
                schema: "app",
                table: "campaigns",
                columns: new[] { "tenant_id", "schedule_id", "occurrence" },
                unique: true,
                filter: "schedule_id is not null");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaigns_canary",
                schema: "app",
                table: "campaigns",
                sql: "(canary_people is null) = (canary_percent is null) and (canary_people is null) = (canary_minutes is null)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaigns_pace",
                schema: "app",
                table: "campaigns",
                sql: "spread_minutes is null or finish_by is null");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaigns_schedule",
                schema: "app",
                table: "campaigns",
                sql: "(schedule_id is null) = (occurrence is null)");

            migrationBuilder.CreateIndex(
                name: "ix_batches_open",
                schema: "app",
                table: "batches",
                columns: new[] { "tenant_id", "account_id", "sending_id", "first_ordinal" },
                filter: "state in ('planned', 'claimed', 'dispatching')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_batches_suspect",
                schema: "app",
                table: "batches",
                sql: "(suspect_to is null) = (rest_batch_no is null) and (suspect_to is null) = (search_code is null) and suspect_to > last_ordinal");

            migrationBuilder.CreateIndex(
                name: "ix_attempts_in_question",
                schema: "app",
                table: "attempts",
                columns: new[] { "tenant_id", "account_id", "started_at", "sending_id" },
                filter: "state in ('in_doubt', 'refused')");

            migrationBuilder.CreateIndex(
                name: "ux_attempts_open",
                schema: "app",
                table: "attempts",
                columns: new[] { "tenant_id", "sending_id", "batch_no" },
                unique: true,
                filter: "state in ('dispatching', 'in_doubt') and decided_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_schedules_due",
                schema: "app",
                table: "schedules",
                columns: new[] { "tenant_id", "next_due_at" },
                filter: "state = 'active'");

            migrationBuilder.CreateIndex(
                name: "ix_stray_receipts_tenant_id_account_id_task_id",
                schema: "app",
                table: "stray_receipts",
                columns: new[] { "tenant_id", "account_id", "task_id" });

            migrationBuilder.CreateIndex(
                name: "ix_stray_receipts_tenant_id_received_at",
                schema: "app",
                table: "stray_receipts",
                columns: new[] { "tenant_id", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_task_evidence_tenant_id_sending_id_batch_no_attempt_no",
                schema: "app",
                table: "task_evidence",
                columns: new[] { "tenant_id", "sending_id", "batch_no", "attempt_no" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "schedules",
                schema: "app");

            migrationBuilder.DropTable(
                name: "stray_receipts",
                schema: "app");

            migrationBuilder.DropTable(
                name: "task_evidence",
                schema: "app");

            migrationBuilder.DropCheckConstraint(
                name: "ck_sendings_canary",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropCheckConstraint(
                name: "ck_sendings_paused",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropCheckConstraint(
                name: "ck_sendings_proves",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropCheckConstraint(
                name: "ck_sendings_spread",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropIndex(
                name: "ix_campaigns_tenant_id_schedule_id_occurrence",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_canary",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_pace",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_schedule",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropIndex(
                name: "ix_batches_open",
                schema: "app",
                table: "batches");

            migrationBuilder.DropCheckConstraint(
                name: "ck_batches_suspect",
                schema: "app",
                table: "batches");

            migrationBuilder.DropIndex(
                name: "ix_attempts_in_question",
                schema: "app",
                table: "attempts");

            migrationBuilder.DropIndex(
                name: "ux_attempts_open",
                schema: "app",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "canary",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "canary_minutes",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "canary_passed_at",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "canary_percent",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "paused_why",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "proves_version",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "spread_until",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "not_taken",
                schema: "app",
                table: "sending_counts");

            migrationBuilder.DropColumn(
                name: "own_segments",
                schema: "app",
                table: "sending_counts");

            migrationBuilder.DropColumn(
                name: "canary_minutes",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "canary_people",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "canary_percent",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "finish_by",
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

            migrationBuilder.DropColumn(
                name: "spread_minutes",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "rest_batch_no",
                schema: "app",
                table: "batches");

            migrationBuilder.DropColumn(
                name: "search_code",
                schema: "app",
                table: "batches");

            migrationBuilder.DropColumn(
                name: "settled",
                schema: "app",
                table: "batches");

            migrationBuilder.DropColumn(
                name: "suspect_to",
                schema: "app",
                table: "batches");

            migrationBuilder.DropColumn(
                name: "decided_at",
                schema: "app",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "dispatch_no",
                schema: "app",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "granted_at",
                schema: "app",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "left_out",
                schema: "app",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "own_segments",
                schema: "app",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "no_halving",
                schema: "app",
                table: "accounts");

            migrationBuilder.AddColumn<int>(
                name: "doubt_settled",
                schema: "app",
                table: "sending_counts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "ix_batches_open",
                schema: "app",
                table: "batches",
                columns: new[] { "tenant_id", "account_id", "sending_id", "batch_no" },
                filter: "state in ('planned', 'claimed', 'dispatching')");
        }
    }
}
