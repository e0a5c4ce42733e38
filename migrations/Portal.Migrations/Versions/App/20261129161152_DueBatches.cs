using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class DueBatches : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_batches_due",
                schema: "app",
                table: "batches",
                columns: new[] { "tenant_id", "account_id", "state", "sending_id", "not_before" },
                filter: "state in ('planned', 'claimed', 'dispatching')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_batches_due",
                schema: "app",
                table: "batches");
        }
    }
}
