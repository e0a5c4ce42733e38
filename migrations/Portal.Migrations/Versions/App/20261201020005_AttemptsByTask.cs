using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class AttemptsByTask : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_attempts_tenant_id_account_id_task_id",
                schema: "app",
                table: "attempts");

            migrationBuilder.CreateIndex(
                name: "ix_attempts_task",
                schema: "app",
                table: "attempts",
                columns: new[] { "tenant_id", "account_id", "task_id" },
                filter: "task_id is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_attempts_task",
                schema: "app",
                table: "attempts");

            migrationBuilder.CreateIndex(
                name: "ix_attempts_tenant_id_account_id_task_id",
                schema: "app",
                table: "attempts",
                columns: new[] { "tenant_id", "account_id", "task_id" });
        }
    }
}
