using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Versions.App
{
    /// <inheritdoc />
    public partial class DispatchByKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_batches_ordinals",
                schema: "app",
                table: "batches");

            migrationBuilder.CreateIndex(
                name: "ix_batches_ordinals",
                schema: "app",
                table: "batches",
                columns: new[] { "tenant_id", "sending_id", "last_ordinal" },
                filter: "last_ordinal >= 0");

            // Makes the fence part of a key: a change of hands waits for whoever holds the lease, a renewal does not.
            migrationBuilder.Sql("create unique index ux_leases_fence on infra.leases (account_id, fence);");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop index infra.ux_leases_fence;");

            migrationBuilder.DropIndex(
                name: "ix_batches_ordinals",
                schema: "app",
                table: "batches");

            migrationBuilder.CreateIndex(
                name: "ix_batches_ordinals",
                schema: "app",
                table: "batches",
                columns: new[] { "tenant_id", "sending_id", "last_ordinal" });
        }
    }
}
