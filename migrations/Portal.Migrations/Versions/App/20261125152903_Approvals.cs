using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class Approvals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "most_messages",
                schema: "app",
                table: "sendings",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "approved_by",
                schema: "app",
                table: "schedules",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "approved_by_name",
                schema: "app",
                table: "schedules",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "approved_people",
                schema: "app",
                table: "schedules",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "changed_by",
                schema: "app",
                table: "schedules",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "changed_by_name",
                schema: "app",
                table: "schedules",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "approved_up_to",
                schema: "app",
                table: "campaigns",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_sendings_outgrown",
                schema: "app",
                table: "sendings",
                columns: new[] { "tenant_id", "id" },
                filter: "state = 'cancelled' and messages > most_messages");

            migrationBuilder.AddCheckConstraint(
                name: "ck_schedules_approved",
                schema: "app",
                table: "schedules",
                sql: "(approved_by is null) = (approved_people is null) and approved_by <> created_by and approved_by is distinct from coalesce(changed_by, created_by)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_sendings_outgrown",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropCheckConstraint(
                name: "ck_schedules_approved",
                schema: "app",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "most_messages",
                schema: "app",
                table: "sendings");

            migrationBuilder.DropColumn(
                name: "approved_by",
                schema: "app",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "approved_by_name",
                schema: "app",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "approved_people",
                schema: "app",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "changed_by",
                schema: "app",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "changed_by_name",
                schema: "app",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "approved_up_to",
                schema: "app",
                table: "campaigns");
        }
    }
}
