using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class Vault : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(Scripts.Read("vault"));

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "created_at",
                schema: "app",
                table: "tenant_keys",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "clock_timestamp()");

            migrationBuilder.AddColumn<int>(
                name: "clock_offset",
                schema: "app",
                table: "accounts",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "provider_hosts",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    host = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    allowed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_provider_hosts", x => new { x.tenant_id, x.host });
                });

            migrationBuilder.CreateTable(
                name: "vault_openings",
                schema: "app",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hour = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    purpose = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    openings = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_vault_openings", x => new { x.tenant_id, x.hour, x.purpose });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop table infra.vault_openings; drop table infra.outgoing_addresses;");

            migrationBuilder.DropTable(
                name: "provider_hosts",
                schema: "app");

            migrationBuilder.DropTable(
                name: "vault_openings",
                schema: "app");

            migrationBuilder.DropColumn(
                name: "created_at",
                schema: "app",
                table: "tenant_keys");

            migrationBuilder.DropColumn(
                name: "clock_offset",
                schema: "app",
                table: "accounts");
        }
    }
}
