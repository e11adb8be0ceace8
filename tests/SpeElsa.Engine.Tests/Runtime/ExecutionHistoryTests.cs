using System.Reflection;
using Elsa.Workflows;
using SpeElsa.Engine.Runtime.History;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Tests.Runtime;

/// <summary>Executions read off a long journal.</summary>
public sealed class ExecutionHistoryTests
{
    [Fact]
    public async Task A_journal_of_ten_thousand_rows_is_read_once_for_all_looks()
    {
        var (reader, journal) = JournalReader.Create();
        var history = new ActivityExecutionHistory(reader);
        Append(journal.Rows, 5000);

        Assert.Equal(5000, Assert.Single(await history.CountAsync("i", ["Workflow1:a"], default)).CompletedCount);
        var read = journal.RowsRead;
        Assert.Equal(10_000, read);
        Assert.Equal(10, (await history.SummarizeAsync("i", new ExecutionFilter { Ids = [.. Enumerable.Range(0, 10).Select(number => $"e{number}")] }, default)).Count);
        Append(journal.Rows, 1);
        Assert.Equal(5001, Assert.Single(await history.CountAsync("i", null, default)).CompletedCount);
        var (changed, last) = await history.ChangesAsync("i", 10_000, default);
        Assert.Equal((5001, 10_002), (Assert.Single(changed).StartedCount, last));
        Assert.Empty((await history.ChangesAsync("i", last, default)).Stats);

        // Each look reads the last row again, to see that it is the same journal.
        Assert.InRange(journal.RowsRead - read, 2, 10);
    }

    [Fact]
    public async Task An_instance_whose_id_is_used_anew_is_read_anew()
    {
        var (reader, journal) = JournalReader.Create();
        var history = new ActivityExecutionHistory(reader);
        Append(journal.Rows, 3);
        Assert.Equal(3, Assert.Single(await history.CountAsync("i", null, default)).StartedCount);

        journal.Rows.Clear();
        Append(journal.Rows, 4, "another");
        Assert.Equal(4, Assert.Single(await history.CountAsync("i", null, default)).StartedCount);
        journal.Rows.Clear();
        Assert.Empty(await history.CountAsync("i", null, default));
    }

    [Fact]
    public async Task A_retry_takes_the_fault_back_here_and_above()
    {
        var (reader, journal) = JournalReader.Create();
        journal.Rows.AddRange(
        [
            Row(1, "Started", "root", null),
            Row(2, "Started", "child", "root"),
            Row(3, "Faulted", "child", "root"),
            Row(4, "Retried", "child", "root"),
            Row(5, "Started", "child", "root"),
            Row(6, "Completed", "child", "root"),
        ]);

        var records = await new ActivityExecutionHistory(reader).ReadAsync("i", default);
        Assert.Equal([0, 0], records.Select(record => record.AggregateFaultCount));
        Assert.Equal((ActivityStatus.Completed, null), (records[1].Status, records[1].Exception));
    }

    private static void Append(List<JournalRecord> rows, int executions, string hash = "hash")
    {
        for (var count = 0; count < executions; count++)
        {
            var execution = $"e{rows.Count / 2}";
            rows.Add(Row(rows.Count + 1, "Started", execution, null, hash));
            rows.Add(Row(rows.Count + 1, "Completed", execution, null, hash));
        }
    }

    private static JournalRecord Row(long sequence, string eventName, string execution, string? parent, string hash = "hash") => new()
    {
        InstanceId = "i",
        Sequence = sequence,
        Timestamp = DateTimeOffset.UnixEpoch.AddSeconds(sequence),
        EventName = eventName,
        ActivityId = "a",
        NodeId = "Workflow1:a",
        ActivityInstanceId = execution,
        ParentActivityInstanceId = parent,
        ActivityType = "Elsa.WriteLine",
        Hash = $"{hash} {sequence}",
    };

    /// <summary>A reader that has a journal only, and counts what is read of it.</summary>
    public class JournalReader : DispatchProxy
    {
        public List<JournalRecord> Rows { get; } = [];

        public int RowsRead { get; private set; }

        public static (IInstanceReader Reader, JournalReader Journal) Create()
        {
            var reader = Create<IInstanceReader, JournalReader>();
            return (reader, (JournalReader)(object)reader);
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(IInstanceReader.ReadJournalAsync):
                    IReadOnlyList<JournalRecord> rows = [.. Rows.Where(row => row.Sequence > (long)args![1]!).Take((int)args![2]!)];
                    RowsRead += rows.Count;
                    return Task.FromResult(rows);
                case nameof(IInstanceReader.ReadStateAsync):
                    return Task.FromResult<byte[]?>(null);
                default:
                    throw new NotSupportedException(targetMethod.Name);
            }
        }
    }
}
