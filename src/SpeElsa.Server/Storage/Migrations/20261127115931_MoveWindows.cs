using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SpeElsa.Server.Storage.Migrations
{
    /// <inheritdoc />
    public partial class MoveWindows : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Window",
                table: "Plans",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "MoveWindows",
                columns: table => new
                {
                    MoveId = table.Column<string>(type: "TEXT", nullable: false),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DowntimeBudget = table.Column<long>(type: "INTEGER", nullable: true),
                    SetBy = table.Column<string>(type: "TEXT", nullable: false),
                    SetAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Level = table.Column<string>(type: "TEXT", nullable: false),
                    IsClosed = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MoveWindows", x => x.MoveId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_MoveWindows_IsClosed",
                table: "MoveWindows",
                column: "IsClosed");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "MoveWindows");

            migrationBuilder.DropColumn(
                name: "Window",
                table: "Plans");
        }
    }
}
