using Elsa.Common.Entities;
using Elsa.Common.Models;
using Elsa.Workflows;
using Elsa.Workflows.Management;
using Elsa.Workflows.Management.Filters;
using Elsa.Workflows.Management.Models;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Management;

public sealed class WorkflowInstanceStoreTests : ManagementTest
{
    private IWorkflowInstanceStore Instances => Get<IWorkflowInstanceStore>();

    private IWorkflowInstanceManager Manager => Get<IWorkflowInstanceManager>();

    [Fact]
    public async Task One_instance_is_read_with_its_state_and_lists_without()
    {
        await StartAsync(A.Instance("i1") with { Name = "Night move", CorrelationId = "c" });
        await StartAsync(A.Instance("i2"));
        await FinishAsync("i1", A.Moment);

        var ended = (await Instances.FindAsync(new WorkflowInstanceFilter { Id = "i1" }))!;
        Assert.Equal(("Night move", "c", WorkflowStatus.Finished, false), (ended.Name, ended.CorrelationId, ended.Status, ended.IsExecuting));
        Assert.Equal("i1", ended.WorkflowState!.Id);
        Assert.Equal(
            [("i1", false, true), ("i2", true, true)],
            (await Instances.FindManyAsync(new WorkflowInstanceFilter())).Select(instance => (instance.Id, instance.IsExecuting, instance.WorkflowState is null)));
        Assert.Null(await Instances.FindAsync(new WorkflowInstanceFilter { Id = "i1", Ids = ["i2"] }));
        Assert.Equal(0, await Instances.CountAsync(new WorkflowInstanceFilter { Id = "i1", Ids = ["i2"] }));
    }

    [Fact]
    public async Task Instances_are_listed_in_pages_and_orders()
    {
        for (var number = 1; number <= 3; number++)
        {
            await StartAsync(A.Instance($"i{number}") with { CreatedAt = A.Moment.AddMinutes(number), Name = $"n{3 - number}" });
        }

        var byName = new WorkflowInstanceOrder<string?>(instance => instance.Name, OrderDirection.Ascending);
        var page = await Instances.SummarizeManyAsync(new WorkflowInstanceFilter(), PageArgs.FromRange(1, 1));
        Assert.Equal(("i2", 3L), (Assert.Single(page.Items).Id, page.TotalCount));
        Assert.Equal(["i3", "i2"], (await Instances.FindManyIdsAsync(new WorkflowInstanceFilter(), PageArgs.FromPage(0, 2), byName)).Items);
        Assert.Equal(["i3", "i2", "i1"], (await Instances.SummarizeManyAsync(new WorkflowInstanceFilter(), byName)).Select(instance => instance.Id));
        Assert.Equal(["i1"], (await Instances.FindManyIdsAsync(new WorkflowInstanceFilter
        {
            TimestampFilters = [new TimestampFilter { Column = "createdAt", Operator = TimestampFilterOperator.LessThan, Timestamp = A.Moment.AddMinutes(2) }],
        })).ToArray());
    }

    [Fact]
    public void A_filter_that_names_no_instant_is_explained()
    {
        TimestampFilter[] filters = [new() { Column = "FinishedAt" }, new() { Column = "finishedat" }, new() { Column = "Name; DROP TABLE" }];

        var error = Assert.Single(WorkflowInstanceFilter.ValidateTimestampFilters(filters));

        Assert.Contains("CreatedAt, UpdatedAt, FinishedAt", error, StringComparison.Ordinal);
        Assert.True(WorkflowInstanceFilter.TryNormalizeTimestampFilterColumn("finishedat", out var column, out _));
        Assert.Equal("FinishedAt", column);
    }

    [Fact]
    public async Task Only_what_has_ended_is_deleted()
    {
        await StartAsync(A.Instance("i1"));
        await StartAsync(A.Instance("i2"));
        await StartAsync(A.Instance("i3"));
        await FinishAsync("i1", A.Moment);
        await FinishAsync("i3", A.Moment);

        Assert.False(await Manager.DeleteAsync(new WorkflowInstanceFilter { Id = "i2" }));
        Assert.True(await Manager.DeleteAsync(new WorkflowInstanceFilter { Id = "i3" }));
        Assert.Equal(1, await Manager.BulkDeleteAsync(new WorkflowInstanceFilter()));
        Assert.True(await Manager.ExistsAsync("i2"));
        Assert.False(await Manager.ExistsAsync("i1"));
        Assert.Null(await Manager.FindByIdAsync("i1"));
    }
}
