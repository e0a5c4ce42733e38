using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(Scripts.Read("infra"));

            migrationBuilder.EnsureSchema(
                name: "app");

            migrationBuilder.CreateTable(
                name: "accounts",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    label = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    base_address = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    stopped_code = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    stopped_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    missing_address = table.Column<string>(type: "character varying(45)", maxLength: 45, nullable: true),
                    rate = table.Column<int>(type: "integer", nullable: false),
                    concurrency = table.Column<int>(type: "integer", nullable: false),
                    batch_size = table.Column<int>(type: "integer", nullable: false),
                    sender_id = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: true),
                    template_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    sign_name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    checked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    checked_code = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_account_kind", "kind in ('marketing', 'verification', 'both')");
                    table.CheckConstraint("ck_account_state", "state in ('active', 'stopped', 'disabled')");
                    table.CheckConstraint("ck_accounts_batch_size", "batch_size between 1 and 1000");
                    table.CheckConstraint("ck_accounts_concurrency", "concurrency between 1 and 10000");
                    table.CheckConstraint("ck_accounts_rate", "rate between 1 and 100000");
                    table.CheckConstraint("ck_accounts_stopped", "(state = 'stopped') = (stopped_code is not null)");
                });

            migrationBuilder.CreateTable(
                name: "attempts",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sending_id = table.Column<Guid>(type: "uuid", nullable: false),
                    batch_no = table.Column<int>(type: "integer", nullable: false),
                    attempt_no = table.Column<int>(type: "integer", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    key_version = table.Column<int>(type: "integer", nullable: false),
                    timestamp = table.Column<string>(type: "character varying(14)", maxLength: 14, nullable: false),
                    numbers = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    http_status = table.Column<int>(type: "integer", nullable: true),
                    code = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    why = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    task_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    valid_number = table.Column<int>(type: "integer", nullable: true),
                    segments = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_attempts", x => new { x.tenant_id, x.sending_id, x.batch_no, x.attempt_no });
                    table.CheckConstraint("ck_attempt_state", "state in ('dispatching', 'accepted', 'refused', 'in_doubt', 'not_sent')");
                });

            migrationBuilder.CreateTable(
                name: "audit_entries",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    details = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_entries", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "batches",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sending_id = table.Column<Guid>(type: "uuid", nullable: false),
                    batch_no = table.Column<int>(type: "integer", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    first_ordinal = table.Column<int>(type: "integer", nullable: false),
                    last_ordinal = table.Column<int>(type: "integer", nullable: false),
                    text_no = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    not_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    why = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_batches", x => new { x.tenant_id, x.sending_id, x.batch_no });
                    table.CheckConstraint("ck_batch_state", "state in ('planned', 'claimed', 'dispatching', 'accepted', 'refused', 'in_doubt', 'split', 'cancelled')");
                    table.CheckConstraint("ck_batches_range", "last_ordinal between first_ordinal and first_ordinal + 999");
                });

            migrationBuilder.CreateTable(
                name: "campaigns",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    list_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    planned_at = table.Column<DateTime>(type: "timestamp without time zone", nullable: true),
                    time_zone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    not_after = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    missed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    created_by_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    sending_id = table.Column<Guid>(type: "uuid", nullable: true),
                    wake_job = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_campaigns", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_campaign_state", "state in ('draft', 'scheduled', 'started', 'cancelled')");
                    table.CheckConstraint("ck_campaigns_due", "state <> 'scheduled' or (due_at is not null and account_id is not null and text <> '')");
                    table.CheckConstraint("ck_campaigns_started", "(state = 'started') = (sending_id is not null)");
                });

            migrationBuilder.CreateTable(
                name: "contacts",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    fields = table.Column<Dictionary<string, string>>(type: "jsonb", nullable: false, defaultValueSql: "'{}'"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contacts", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_contacts_number", "number ~ '^[1-9][0-9]{6,14}$'");
                });

            migrationBuilder.CreateTable(
                name: "imports",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    file_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: true),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    list_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    rows = table.Column<int>(type: "integer", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: false),
                    added = table.Column<int>(type: "integer", nullable: false),
                    updated = table.Column<int>(type: "integer", nullable: false),
                    duplicates = table.Column<int>(type: "integer", nullable: false),
                    invalid = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_imports", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_import_state", "state in ('uploaded', 'running', 'done', 'cancelled', 'failed')");
                });

            migrationBuilder.CreateTable(
                name: "lists",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lists", x => new { x.tenant_id, x.id });
                });

            // Partitioned by month, which EF cannot say.
            migrationBuilder.Sql("""
                create table app.messages (
                    tenant_id uuid not null,
                    month date not null,
                    sending_id uuid not null,
                    number text collate "C" not null,
                    ordinal integer not null,
                    constraint pk_messages primary key (tenant_id, month, sending_id, number),
                    constraint ck_messages_number check (number ~ '^[1-9][0-9]{6,14}$')
                ) partition by list (month);
                """);

            // Partitioned by month, which EF cannot say.
            migrationBuilder.Sql("""
                create table app.receipts (
                    tenant_id uuid not null,
                    month date not null,
                    sending_id uuid not null,
                    number text collate "C" not null,
                    task_id varchar(64) not null,
                    status varchar(64) not null,
                    times varchar(32) not null,
                    seq bigint not null,
                    meaning varchar(40) not null,
                    received_at timestamptz not null,
                    masked boolean not null,
                    constraint pk_receipts primary key (tenant_id, month, sending_id, number, task_id, status, times),
                    constraint ck_receipt_meaning check (meaning in ('not_final', 'delivered', 'undelivered', 'failed'))
                ) partition by list (month);
                """);

            migrationBuilder.CreateTable(
                name: "sending_counts",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sending_id = table.Column<Guid>(type: "uuid", nullable: false),
                    accepted = table.Column<int>(type: "integer", nullable: false),
                    refused = table.Column<int>(type: "integer", nullable: false),
                    in_doubt = table.Column<int>(type: "integer", nullable: false),
                    skipped = table.Column<int>(type: "integer", nullable: false),
                    dropped = table.Column<int>(type: "integer", nullable: false),
                    cancelled = table.Column<int>(type: "integer", nullable: false),
                    delivered = table.Column<int>(type: "integer", nullable: false),
                    undelivered = table.Column<int>(type: "integer", nullable: false),
                    doubt_settled = table.Column<int>(type: "integer", nullable: false),
                    segments = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sending_counts", x => new { x.tenant_id, x.sending_id });
                });

            migrationBuilder.CreateTable(
                name: "sending_texts",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sending_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text_no = table.Column<int>(type: "integer", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sending_texts", x => new { x.tenant_id, x.sending_id, x.text_no });
                    table.CheckConstraint("ck_sending_texts_text", "text <> ''");
                });

            migrationBuilder.CreateTable(
                name: "skips",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sending_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_skips", x => new { x.tenant_id, x.sending_id, x.number });
                    table.CheckConstraint("ck_skip_reason", "reason in ('suppressed', 'missing_field', 'empty_text')");
                });

            migrationBuilder.CreateTable(
                name: "suppressions",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    source = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_suppressions", x => new { x.tenant_id, x.number });
                    table.CheckConstraint("ck_suppression_reason", "reason in ('opted_out', 'complained', 'invalid', 'manual')");
                    table.CheckConstraint("ck_suppressions_number", "number ~ '^[1-9][0-9]{6,14}$'");
                });

            migrationBuilder.CreateTable(
                name: "tenant_keys",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    root_key_id = table.Column<int>(type: "integer", nullable: false),
                    wrapped = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_keys", x => new { x.tenant_id, x.version });
                });

            migrationBuilder.CreateTable(
                name: "tenant_settings",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    time_zone = table.Column<string>(type: "text", nullable: false),
                    country = table.Column<string>(type: "text", nullable: false),
                    undo_seconds = table.Column<int>(type: "integer", nullable: false),
                    doubt_pause = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_settings", x => x.tenant_id);
                    table.CheckConstraint("ck_tenant_settings_doubt", "doubt_pause >= 0");
                    table.CheckConstraint("ck_tenant_settings_undo", "undo_seconds between 0 and 3600");
                });

            migrationBuilder.CreateTable(
                name: "account_keys",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    api_key_last4 = table.Column<string>(type: "character varying(4)", maxLength: 4, nullable: false),
                    set_by = table.Column<Guid>(type: "uuid", nullable: true),
                    set_by_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    set_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    proven_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    held = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_keys", x => new { x.tenant_id, x.account_id, x.version });
                    table.ForeignKey(
                        name: "fk_account_keys_accounts_tenant_id_account_id",
                        columns: x => new { x.tenant_id, x.account_id },
                        principalSchema: "app",
                        principalTable: "accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sendings",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    month = table.Column<DateOnly>(type: "date", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    list_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    number = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    batch_size = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    not_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    first_request_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    prepared_to = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    prepared_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    messages = table.Column<int>(type: "integer", nullable: false),
                    batches = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sendings", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_sending_kind", "kind in ('campaign', 'test')");
                    table.CheckConstraint("ck_sending_state", "state in ('preparing', 'running', 'paused', 'stopped', 'finished', 'cancelled')");
                    table.CheckConstraint("ck_sendings_batch_size", "batch_size between 1 and 1000");
                    table.CheckConstraint("ck_sendings_finished", "state <> 'finished' or prepared_at is not null");
                    table.CheckConstraint("ck_sendings_month", "extract(day from month) = 1");
                    table.ForeignKey(
                        name: "fk_sendings_accounts_tenant_id_account_id",
                        columns: x => new { x.tenant_id, x.account_id },
                        principalSchema: "app",
                        principalTable: "accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "import_problems",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    import_id = table.Column<Guid>(type: "uuid", nullable: false),
                    line = table.Column<int>(type: "integer", nullable: false),
                    value = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_import_problems", x => new { x.tenant_id, x.import_id, x.line });
                    table.ForeignKey(
                        name: "fk_import_problems_imports_tenant_id_import_id",
                        columns: x => new { x.tenant_id, x.import_id },
                        principalSchema: "app",
                        principalTable: "imports",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "list_members",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    list_id = table.Column<Guid>(type: "uuid", nullable: false),
                    contact_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_list_members", x => new { x.tenant_id, x.list_id, x.contact_id });
                    table.ForeignKey(
                        name: "fk_list_members_contacts_tenant_id_contact_id",
                        columns: x => new { x.tenant_id, x.contact_id },
                        principalSchema: "app",
                        principalTable: "contacts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_list_members_lists_tenant_id_list_id",
                        columns: x => new { x.tenant_id, x.list_id },
                        principalSchema: "app",
                        principalTable: "lists",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "account_secrets",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    api_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    secret = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_secrets", x => new { x.tenant_id, x.account_id, x.version });
                    table.ForeignKey(
                        name: "fk_account_secrets_account_keys_tenant_id_account_id_version",
                        columns: x => new { x.tenant_id, x.account_id, x.version },
                        principalSchema: "app",
                        principalTable: "account_keys",
                        principalColumns: new[] { "tenant_id", "account_id", "version" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_accounts_tenant_id_label",
                schema: "app",
                table: "accounts",
                columns: new[] { "tenant_id", "label" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_attempts_dispatching",
                schema: "app",
                table: "attempts",
                columns: new[] { "tenant_id", "account_id", "started_at" },
                filter: "state = 'dispatching'");

            migrationBuilder.CreateIndex(
                name: "ix_attempts_tenant_id_account_id_task_id",
                schema: "app",
                table: "attempts",
                columns: new[] { "tenant_id", "account_id", "task_id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_tenant_id_subject_id_at",
                schema: "app",
                table: "audit_entries",
                columns: new[] { "tenant_id", "subject_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_batches_in_doubt",
                schema: "app",
                table: "batches",
                columns: new[] { "tenant_id", "account_id", "changed_at" },
                filter: "state = 'in_doubt'");

            migrationBuilder.CreateIndex(
                name: "ix_batches_open",
                schema: "app",
                table: "batches",
                columns: new[] { "tenant_id", "account_id", "sending_id", "batch_no" },
                filter: "state in ('planned', 'claimed', 'dispatching')");

            migrationBuilder.CreateIndex(
                name: "ix_batches_ordinals",
                schema: "app",
                table: "batches",
                columns: new[] { "tenant_id", "sending_id", "last_ordinal" });

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_due",
                schema: "app",
                table: "campaigns",
                columns: new[] { "tenant_id", "due_at" },
                filter: "state = 'scheduled'");

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_tenant_id_sending_id",
                schema: "app",
                table: "campaigns",
                columns: new[] { "tenant_id", "sending_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_contacts_tenant_id_number",
                schema: "app",
                table: "contacts",
                columns: new[] { "tenant_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_list_members_tenant_id_contact_id",
                schema: "app",
                table: "list_members",
                columns: new[] { "tenant_id", "contact_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lists_tenant_id_name",
                schema: "app",
                table: "lists",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_messages_tenant_id_month_sending_id_ordinal",
                schema: "app",
                table: "messages",
                columns: new[] { "tenant_id", "month", "sending_id", "ordinal" });

            migrationBuilder.CreateIndex(
                name: "ix_sendings_open",
                schema: "app",
                table: "sendings",
                columns: new[] { "tenant_id", "account_id" },
                filter: "state in ('preparing', 'running')");
        }

    }
}
