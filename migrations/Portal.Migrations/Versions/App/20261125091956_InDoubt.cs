using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class InDoubt : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "doubt_settled",
                schema: "app",
                table: "sending_counts");

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
                name: "settled",
                schema: "app",
                table: "batches",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "decided_at",
                schema: "app",
                table: "attempts",
                type: "timestamp with time zone",
                nullable: true);

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
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "no_halving",
                schema: "app",
                table: "accounts",
                type: "boolean",
                nullable: false,
                defaultValue: false);

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
                name: "stray_receipts",
                schema: "app");

            migrationBuilder.DropTable(
                name: "task_evidence",
                schema: "app");

            migrationBuilder.DropIndex(
                name: "ix_attempts_in_question",
                schema: "app",
                table: "attempts");

            migrationBuilder.DropIndex(
                name: "ux_attempts_open",
                schema: "app",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "not_taken",
                schema: "app",
                table: "sending_counts");

            migrationBuilder.DropColumn(
                name: "own_segments",
                schema: "app",
                table: "sending_counts");

            migrationBuilder.DropColumn(
                name: "settled",
                schema: "app",
                table: "batches");

            migrationBuilder.DropColumn(
                name: "decided_at",
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
        }
    }
}
