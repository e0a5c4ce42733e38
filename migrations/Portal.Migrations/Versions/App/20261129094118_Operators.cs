using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class Operators : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_batches_numbers",
                schema: "app",
                table: "batches");

            migrationBuilder.AddColumn<int>(
                name: "keep_contacts_days",
                schema: "app",
                table: "tenant_settings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "keep_messages_days",
                schema: "app",
                table: "tenant_settings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "keep_receipts_days",
                schema: "app",
                table: "tenant_settings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "messages_cleared_at",
                schema: "app",
                table: "sendings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "receipts_cleared_at",
                schema: "app",
                table: "sendings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "actor_name",
                schema: "app",
                table: "audit_entries",
                type: "character varying(256)",
                maxLength: 256,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "address",
                schema: "app",
                table: "audit_entries",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "by_operator",
                schema: "app",
                table: "audit_entries",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "session",
                schema: "app",
                table: "audit_entries",
                type: "character varying(16)",
                maxLength: 16,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "audit_heads",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    entries = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_heads", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "audit_links",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    no = table.Column<long>(type: "bigint", nullable: false),
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_links", x => new { x.tenant_id, x.no });
                });

            migrationBuilder.CreateTable(
                name: "operator_bounds",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    countries = table.Column<string[]>(type: "text[]", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operator_bounds", x => x.tenant_id);
                    table.CheckConstraint("ck_operator_bounds_some", "cardinality(countries) > 0");
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_tenant_settings_keep",
                schema: "app",
                table: "tenant_settings",
                sql: "keep_messages_days between 7 and 3650 and keep_receipts_days between 7 and 3650 and keep_contacts_days between 30 and 3650 and keep_receipts_days <= keep_messages_days and keep_contacts_days <= keep_messages_days");

            migrationBuilder.AddCheckConstraint(
                name: "ck_batches_numbers",
                schema: "app",
                table: "batches",
                sql: "cardinality(numbers) in (0, last_ordinal - first_ordinal + 1)");

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_operators",
                schema: "app",
                table: "audit_entries",
                column: "at",
                filter: "by_operator");

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_tenant_id_at",
                schema: "app",
                table: "audit_entries",
                columns: new[] { "tenant_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_links_tenant_id_entry_id",
                schema: "app",
                table: "audit_links",
                columns: new[] { "tenant_id", "entry_id" },
                unique: true);

            migrationBuilder.Sql(Scripts.Read("audit"));
            migrationBuilder.Sql(Scripts.Read("instances"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                drop trigger audit_chained on app.audit_entries; drop trigger audit_facts on app.audit_entries;
                drop function app.audit_chain(); drop function app.audit_facts(); drop function app.audit_link(app.audit_entries);
                drop function infra.verify_audit(uuid); drop function app.audit_digest(app.audit_entries); drop table infra.instances;
                """);

            migrationBuilder.DropTable(
                name: "audit_heads",
                schema: "app");

            migrationBuilder.DropTable(
                name: "audit_links",
                schema: "app");

            migrationBuilder.DropTable(
                name: "operator_bounds",
                schema: "app");

            migrationBuilder.DropCheckConstraint(
                name: "ck_tenant_settings_keep",
                schema: "app",
                table: "tenant_settings");

            migrationBuilder.DropCheckConstraint(
                name: "ck_batches_numbers",
                schema: "app",
                table: "batches");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_operators",
                schema: "app",
                table: "audit_entries");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_tenant_id_at",
                schema: "app",
                table: "audit_entries");

            migrationBuilder.DropColumn(
                name: "keep_contacts_days",
                schema: "app",
                table: "tenant_settings");

            migrationBuilder.DropColumn(
                name: "keep_messages_days",
                schema: "app",
                table: "tenant_settings");

            migrationBuilder.DropColumn(
                name: "keep_receipts_days",
                schema: "app",
                table: "tenant_settings");

            migrationBuilder.DropColumn(
                name: "messages_cleared_at",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "receipts_cleared_at",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "actor_name",
                schema: "app",
                table: "audit_entries");

            migrationBuilder.DropColumn(
                name: "address",
                schema: "app",
                table: "audit_entries");

            migrationBuilder.DropColumn(
                name: "by_operator",
                schema: "app",
                table: "audit_entries");

            migrationBuilder.DropColumn(
                name: "session",
                schema: "app",
                table: "audit_entries");

            migrationBuilder.AddCheckConstraint(
                name: "ck_batches_numbers",
                schema: "app",
                table: "batches",
                sql: "cardinality(numbers) = last_ordinal - first_ordinal + 1");
        }
    }
}
