using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SpeElsa.Server.Storage.Migrations
{
    /// <inheritdoc />
    public partial class TasksOfAMove : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Tasks_MoveId",
                table: "Tasks");

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_MoveId_State",
                table: "Tasks",
                columns: new[] { "MoveId", "State" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Tasks_MoveId_State",
                table: "Tasks");

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_MoveId",
                table: "Tasks",
                column: "MoveId");
        }
    }
}
