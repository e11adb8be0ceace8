using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SpeElsa.Engine.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class DefinitionLists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_Definitions_CreatedAt",
                table: "Definitions",
                columns: new[] { "CreatedAt", "DefinitionId", "Version", "IsLatest", "IsPublished", "IsSystem" });

            migrationBuilder.CreateIndex(
                name: "IX_Definitions_Name",
                table: "Definitions",
                columns: new[] { "Name", "DefinitionId", "Version", "IsLatest", "IsPublished", "IsSystem", "UsableAsActivity" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Definitions_CreatedAt",
                table: "Definitions");

            migrationBuilder.DropIndex(
                name: "IX_Definitions_Name",
                table: "Definitions");
        }
    }
}
