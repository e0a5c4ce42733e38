using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.Ident
{
    /// <inheritdoc />
    public partial class Factors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_letter_kind",
                schema: "ident",
                table: "letters");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "confirmed_at",
                schema: "ident",
                table: "sessions",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            migrationBuilder.AddColumn<string>(
                name: "device",
                schema: "ident",
                table: "sessions",
                type: "character varying(100)",
                maxLength: 100,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "last_used_at",
                schema: "ident",
                table: "sessions",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            migrationBuilder.AddColumn<string>(
                name: "network",
                schema: "ident",
                table: "sessions",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<bool>(
                name: "strong",
                schema: "ident",
                table: "sessions",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "recovery_codes",
                schema: "ident",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recovery_codes", x => new { x.user_id, x.hash });
                    table.ForeignKey(
                        name: "fk_recovery_codes_users_user_id",
                        column: x => x.user_id,
                        principalSchema: "ident",
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "second_factors",
                schema: "ident",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_seed = table.Column<byte[]>(type: "bytea", nullable: false),
                    last_step = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_second_factors", x => x.user_id);
                    table.ForeignKey(
                        name: "fk_second_factors_users_user_id",
                        column: x => x.user_id,
                        principalSchema: "ident",
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_letter_kind",
                schema: "ident",
                table: "letters",
                sql: "kind in ('invitation', 'password_reset', 'password_changed', 'security_changed')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "recovery_codes",
                schema: "ident");

            migrationBuilder.DropTable(
                name: "second_factors",
                schema: "ident");

            migrationBuilder.DropCheckConstraint(
                name: "ck_letter_kind",
                schema: "ident",
                table: "letters");

            migrationBuilder.DropColumn(
                name: "confirmed_at",
                schema: "ident",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "device",
                schema: "ident",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "last_used_at",
                schema: "ident",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "network",
                schema: "ident",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "strong",
                schema: "ident",
                table: "sessions");

            migrationBuilder.AddCheckConstraint(
                name: "ck_letter_kind",
                schema: "ident",
                table: "letters",
                sql: "kind in ('invitation', 'password_reset', 'password_changed')");
        }
    }
}
