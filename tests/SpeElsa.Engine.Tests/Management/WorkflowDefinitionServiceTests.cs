using Elsa.Common.Entities;
using Elsa.Common.Models;
using Elsa.Workflows.Management;
using Elsa.Workflows.Management.Filters;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Management;

public sealed class WorkflowDefinitionServiceTests : ManagementTest
{
    private IWorkflowDefinitionService Service => Get<IWorkflowDefinitionService>();

    private IWorkflowDefinitionStore Versions => Get<IWorkflowDefinitionStore>();

    [Fact]
    public async Task A_version_and_its_graph_are_found_by_every_name_it_has()
    {
        var first = await PublishAsync("move", "one");
        var second = await PublishAsync("move", "two");

        Assert.Equal(second.Id, (await Service.FindWorkflowDefinitionAsync("move", VersionOptions.Published))!.Id);
        Assert.Equal(first.Id, (await Service.FindWorkflowDefinitionAsync(first.Id))!.Id);
        Assert.Equal(second.Id, (await Service.FindWorkflowDefinitionAsync(WorkflowDefinitionHandle.ByDefinitionId("move")))!.Id);
        Assert.Equal(first.Id, (await Service.FindWorkflowDefinitionAsync(WorkflowDefinitionHandle.ByDefinitionVersionId(first.Id)))!.Id);
        var byNumber = new WorkflowDefinitionFilter { DefinitionId = "move", VersionOptions = VersionOptions.SpecificVersion(1) };
        Assert.Equal(first.Id, (await Service.FindWorkflowDefinitionAsync(byNumber))!.Id);
        Assert.Null(await Service.FindWorkflowDefinitionAsync("nothing"));
        Assert.Null(await Service.FindWorkflowDefinitionAsync(new WorkflowDefinitionFilter { DefinitionId = "move", DefinitionIds = ["other"] }));

        Assert.NotNull((await Service.FindWorkflowGraphAsync(first.Id))!.FindNodeByActivityId("one"));
        Assert.NotNull((await Service.FindWorkflowGraphAsync("move", VersionOptions.Latest))!.FindNodeByActivityId("two"));
        Assert.Null(await Service.FindWorkflowGraphAsync("nothing"));
        var graph = await Service.MaterializeWorkflowAsync((await Service.FindWorkflowDefinitionAsync(first.Id))!);
        Assert.Equal(new WorkflowIdentity("move", 1, first.Id), graph.Workflow.Identity);
    }

    [Fact]
    public async Task A_version_that_can_not_be_read_is_found_without_a_graph()
    {
        await PublishAsync("good", "one");
        await Definitions.SaveDraftAsync(A.Definition("damaged"), null, default);

        var result = await Service.TryFindWorkflowGraphAsync("damaged", VersionOptions.Latest);

        Assert.True(result is { WorkflowDefinitionExists: true, WorkflowGraphExists: false });
        Assert.False((await Service.TryFindWorkflowGraphAsync("nothing")).WorkflowDefinitionExists);
        Assert.Single(await Service.FindWorkflowGraphsAsync(new WorkflowDefinitionFilter()));
        Assert.Equal(2, (await Service.TryFindWorkflowGraphsAsync(new WorkflowDefinitionFilter())).Count());
        await Assert.ThrowsAsync<InvalidDefinitionException>(() => Service.FindWorkflowGraphAsync("damaged", VersionOptions.Latest));
    }

    [Fact]
    public async Task Versions_are_listed_in_pages_and_orders()
    {
        await PublishAsync("a", "one");
        await PublishAsync("b", "one");
        await PublishAsync("b", "two");
        var latest = new WorkflowDefinitionFilter { VersionOptions = VersionOptions.Latest };
        var byVersion = new WorkflowDefinitionOrder<int>(definition => definition.Version, OrderDirection.Descending);

        var page = await Versions.FindManyAsync(latest, byVersion, PageArgs.FromPage(0, 1));
        Assert.Equal(("b", 2, 2L), (Assert.Single(page.Items).DefinitionId, page.Items.Single().Version, page.TotalCount));
        var summaries = await Versions.FindSummariesAsync(latest, PageArgs.FromPage(1, 1));
        Assert.Equal(("b", 2L), (Assert.Single(summaries.Items).DefinitionId, summaries.TotalCount));
        Assert.Equal(["a", "b"], (await Versions.FindSummariesAsync(latest)).Select(summary => summary.DefinitionId));
        Assert.Equal(3, (await Versions.FindManyAsync(new WorkflowDefinitionFilter(), byVersion)).Count());
        Assert.Equal(2, (await Versions.FindLastVersionAsync(new WorkflowDefinitionFilter { DefinitionId = "b" }, default))!.Version);
        Assert.Equal(2, await Versions.CountDistinctAsync());
        Assert.True(await Versions.AnyAsync(latest));
        Assert.False(await Versions.AnyAsync(new WorkflowDefinitionFilter { Name = "Nobody" }));
        Assert.False(await Versions.GetIsNameUnique("a"));
        var byHash = new WorkflowDefinitionOrder<string?>(definition => definition.StringData, OrderDirection.Ascending);
        Assert.Contains("CreatedAt", (await Assert.ThrowsAsync<NotSupportedException>(() => Versions.FindManyAsync(latest, byHash))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_leaves_what_unfinished_instances_are_bound_to()
    {
        var first = await PublishAsync("move", "one");
        await PublishAsync("move", "two");
        await StartAsync(A.Instance("i1", "move") with { DefinitionVersionId = first.Id, DefinitionHash = first.ContentHash });

        Assert.Equal(1, await Versions.DeleteAsync(new WorkflowDefinitionFilter { DefinitionId = "move" }));
        Assert.Equal(1, (await Versions.FindAsync(new WorkflowDefinitionFilter { DefinitionId = "move" }))!.Version);
    }

    private Task<DefinitionRecord> PublishAsync(string definitionId, string word) => Definitions.PublishAsync(A.Definition(definitionId, Says(definitionId, word)), default);
}
