using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SpeElsa.Engine.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ReadySince : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Instances_Ready_UpdatedAt",
                table: "Instances");

            migrationBuilder.AddColumn<long>(
                name: "ReadyAt",
                table: "Instances",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Instances_ReadyAt",
                table: "Instances",
                column: "ReadyAt",
                filter: "\"Ready\" = 1");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Instances_ReadyAt",
                table: "Instances");

            migrationBuilder.DropColumn(
                name: "ReadyAt",
                table: "Instances");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_Ready_UpdatedAt",
                table: "Instances",
                columns: new[] { "Ready", "UpdatedAt" },
                filter: "\"Ready\" = 1");
        }
    }
}
