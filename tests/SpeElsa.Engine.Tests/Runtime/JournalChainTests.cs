using System.Reflection;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

public sealed class JournalChainTests
{
    private static readonly InstanceRecord Instance = A.Instance("i1");
    private readonly JournalRecord[] _rows = Rows(5);

    private InstanceRecord Whole => Instance with { JournalSequence = 5, JournalHash = _rows[^1].Hash };

    [Fact]
    public void An_untouched_journal_holds()
    {
        Assert.Null(JournalChain.FindBreak(_rows, Whole));
        Assert.Null(JournalChain.FindBreak([], Instance));
    }

    public static TheoryData<string> Fields => [.. typeof(JournalRecord).GetProperties().Select(property => property.Name).Where(name => name != "EqualityContract")];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Any_changed_field_of_any_row_is_found(string field)
    {
        var property = typeof(JournalRecord).GetProperty(field)!;
        for (var index = 0; index < _rows.Length; index++)
        {
            var changed = _rows.ToArray();
            changed[index] = _rows[index] with { };
            property.SetValue(changed[index], Other(property));

            Assert.Equal(index + 1, JournalChain.FindBreak(changed, Whole));
        }
    }

    [Fact]
    public void A_removed_row_is_found_wherever_it_was()
    {
        for (var index = 0; index < _rows.Length; index++)
        {
            Assert.Equal(index + 1, JournalChain.FindBreak(_rows.Where((_, position) => position != index), Whole));
        }
    }

    [Fact]
    public void Swapped_added_and_repeated_rows_are_found()
    {
        Assert.Equal(2, JournalChain.FindBreak([_rows[0], _rows[2], _rows[1], _rows[3], _rows[4]], Whole));
        Assert.Equal(3, JournalChain.FindBreak([_rows[0], _rows[1], _rows[1], _rows[2], _rows[3], _rows[4]], Whole));
        Assert.Equal(6, JournalChain.FindBreak(Rows(6), Whole));
    }

    [Fact]
    public void Text_can_not_move_from_one_field_to_the_next() => Assert.Equal(
        1,
        JournalChain.FindBreak([.. _rows.Select((row, index) => index == 0 ? row with { ActivityName = row.ActivityName + row.Message, Message = "" } : row)], Whole));

    private static JournalRecord[] Rows(int count)
    {
        var rows = new List<JournalRecord>();
        for (var number = 1; number <= count; number++)
        {
            var entry = new LogEntry(A.Moment, "Started", "a", "Workflow1:a", "e", "p", "Elsa.WriteLine", 1, "Name", "message", "source", JournalRole.Intent, 1, new { n = number });
            rows.Add(JournalChain.Append(Instance, entry, number, rows.LastOrDefault()?.Hash ?? ""));
        }

        return [.. rows];
    }

    private static object Other(PropertyInfo property) => property.PropertyType switch
    {
        var type when type == typeof(string) => "other",
        var type when type == typeof(long) => 77L,
        var type when type == typeof(int) => 77,
        var type when type == typeof(DateTimeOffset) => A.Moment.AddTicks(1),
        var type when type == typeof(JournalRole) => JournalRole.Result,
        var type => throw new NotSupportedException($"Give {type} another value here"),
    };
}
