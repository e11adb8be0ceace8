using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SpeElsa.Engine.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ExecutionIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_Journal_ActivityInstanceId",
                table: "Journal",
                column: "ActivityInstanceId",
                filter: "\"EventName\" IN ('Started', 'Faulted')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Journal_ActivityInstanceId",
                table: "Journal");
        }
    }
}
