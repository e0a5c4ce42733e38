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
            migrationBuilder.DropIndex(
                name: "ix_batches_open",
                schema: "app",
                table: "batches");

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

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "spread_until",
                schema: "app",
                table: "sendings",
                type: "timestamp with time zone",
                nullable: true);

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
                name: "suspect_to",
                schema: "app",
                table: "batches",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "granted_at",
                schema: "app",
                table: "attempts",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            migrationBuilder.AddColumn<int>(
                name: "own_segments",
                schema: "app",
                table: "attempts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

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
                name: "ck_sendings_spread",
                schema: "app",
                table: "sendings",
                sql: "spread_until > not_before");

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_sendings_canary",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropCheckConstraint(
                name: "ck_sendings_paused",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropCheckConstraint(
                name: "ck_sendings_spread",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_canary",
                schema: "app",
                table: "campaigns");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_pace",
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
                name: "spread_until",
                schema: "app",
                table: "sendings");

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
                name: "suspect_to",
                schema: "app",
                table: "batches");

            migrationBuilder.DropColumn(
                name: "granted_at",
                schema: "app",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "own_segments",
                schema: "app",
                table: "attempts");

            migrationBuilder.CreateIndex(
                name: "ix_batches_open",
                schema: "app",
                table: "batches",
                columns: new[] { "tenant_id", "account_id", "sending_id", "batch_no" },
                filter: "state in ('planned', 'claimed', 'dispatching')");
        }
    }
}
