using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.Ident
{
    /// <inheritdoc />
    public partial class Operations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "delete_at",
                schema: "ident",
                table: "tenants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "deleting_since",
                schema: "ident",
                table: "tenants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "actings",
                schema: "ident",
                columns: table => new
                {
                    session_id = table.Column<byte[]>(type: "bytea", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_actings", x => x.session_id);
                    table.CheckConstraint("ck_actings_hour", "ends_at > started_at and ends_at <= started_at + interval '1 hour'");
                    table.ForeignKey(
                        name: "fk_actings_sessions_session_id",
                        column: x => x.session_id,
                        principalSchema: "ident",
                        principalTable: "sessions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_actings_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalSchema: "ident",
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_actings_users_user_id",
                        column: x => x.user_id,
                        principalSchema: "ident",
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_actings_tenant_id",
                schema: "ident",
                table: "actings",
                column: "tenant_id");

            migrationBuilder.CreateIndex(
                name: "ix_actings_user_id",
                schema: "ident",
                table: "actings",
                column: "user_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "actings",
                schema: "ident");

            migrationBuilder.DropColumn(
                name: "delete_at",
                schema: "ident",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "deleting_since",
                schema: "ident",
                table: "tenants");
        }
    }
}
