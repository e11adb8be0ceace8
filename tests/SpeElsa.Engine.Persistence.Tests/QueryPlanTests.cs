using Elsa.Common.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence.Tests;

/// <summary>A list that sorts all instances for each page gets slower with every move that was ever made.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(InstanceColumn.CreatedAt, false)]
    [InlineData(InstanceColumn.CreatedAt, true)]
    [InlineData(InstanceColumn.UpdatedAt, true)]
    [InlineData(InstanceColumn.FinishedAt, true)]
    [InlineData(InstanceColumn.Name, false)]
    [InlineData(InstanceColumn.Name, true)]
    public async Task Instances_are_read_in_order_along_an_index(InstanceColumn column, bool descending)
    {
        await using var services = await _file.OpenAsync();
        await using var context = await services.GetRequiredService<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync();
        var sql = context.Instances.Matching(new InstanceFilter()).InOrder(new InstanceOrder(column, descending)).Select(row => row.Id).ToQueryString();

        var plan = Plan($"{sql} LIMIT 25");

        Assert.Contains($"USING INDEX IX_Instances_{column}", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DefinitionColumn.Name, false, "IX_Definitions_Name")]
    [InlineData(DefinitionColumn.Name, true, "IX_Definitions_Name")]
    [InlineData(DefinitionColumn.CreatedAt, true, "IX_Definitions_CreatedAt")]
    public async Task Definitions_are_read_in_order_along_an_index(DefinitionColumn column, bool descending, string index)
    {
        var filter = new DefinitionFilter { VersionOptions = VersionOptions.Latest, IsSystem = false };

        var plan = Plan($"{await SqlAsync(filter, new DefinitionOrder(column, descending))} LIMIT 10");

        Assert.Contains($"USING INDEX {index}", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_of_a_definition_are_read_in_order_along_an_index()
    {
        var filter = new DefinitionFilter { DefinitionIds = ["one"] };

        var plan = Plan($"{await SqlAsync(filter, new DefinitionOrder(DefinitionColumn.Version, Descending: true))} LIMIT 10");

        Assert.Contains("USING INDEX IX_Definitions_DefinitionId_Version (DefinitionId=?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Definitions_are_counted_in_an_index_alone()
    {
        await using var services = await _file.OpenAsync();
        await using var context = await services.GetRequiredService<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync();
        var query = context.Definitions.Matching(new DefinitionFilter { VersionOptions = VersionOptions.Latest, IsSystem = false }).Select(row => row.Version);

        Assert.Contains("USING COVERING INDEX", Plan(Statement(query)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_definitions_names_no_JSON() =>
        Assert.DoesNotContain("\"Json\"", await SqlAsync(new DefinitionFilter { SearchTerm = "x" }, default), StringComparison.Ordinal);

    private async Task<string> SqlAsync(DefinitionFilter filter, DefinitionOrder order)
    {
        await using var services = await _file.OpenAsync();
        await using var context = await services.GetRequiredService<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync();
        return Statement(context.Definitions.Matching(filter).InOrder(order).Select(DefinitionQueries.Summary));
    }

    [Fact]
    public async Task Executions_and_keys_are_found_along_an_index()
    {
        await using var services = await _file.OpenAsync();
        await using var context = await services.GetRequiredService<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync();

        Assert.Contains("SEARCH Executions USING PRIMARY KEY", Plan(EngineStatements.InstanceOfExecution), StringComparison.Ordinal);
        Assert.Contains("USING INDEX IX_Inbox_Key", Plan(Statement(context.Stimuli.Beginning("event:").Take(10))), StringComparison.Ordinal);
        var plan = Plan(EngineStatements.JournalPagesFrom);
        Assert.Contains("sqlite_autoindex_JournalPages_1 (InstanceId=? AND FirstSequence>?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE FOR ORDER BY", plan, StringComparison.Ordinal);
        Assert.Contains("IX_Instances_ReadyAt", Plan(EngineStatements.Ready), StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE FOR ORDER BY", Plan(EngineStatements.Ready), StringComparison.Ordinal);
    }

    /// <summary>The statement alone; what its parameters hold does not change the plan.</summary>
    private static string Statement(IQueryable query) =>
        string.Join('\n', query.ToQueryString().Split('\n').Where(line => !line.StartsWith(".param", StringComparison.Ordinal)));

    private string Plan(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_file.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(reader.GetString(3));
        }

        return string.Join('\n', lines);
    }
}
