using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Management.Activities.SetOutput;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime.Activities;
using Microsoft.AspNetCore.Builder;

namespace SpeElsa.Engine.Api.Tests.Examples;

/// <summary>An activity as Elsa's users write it.</summary>
[Activity("Example", "Example", "Makes a greeting")]
public class Greet : CodeActivity<string>
{
    [Input(Description = "Whom to greet")]
    public Input<string> Who { get; set; } = default!;

    protected override void Execute(ActivityExecutionContext context) => context.SetResult($"Hello, {Who.Get(context)}!");
}

/// <summary>A workflow as Elsa's users write it.</summary>
public class GreetingWorkflow : WorkflowBase
{
    protected override void Build(IWorkflowBuilder builder)
    {
        var name = builder.WithInput<string>("Name");
        var greeting = builder.WithVariable("Greeting", "");
        builder.WithOutput<string>("Said");
        builder.Root = new Sequence
        {
            Activities =
            {
                new Greet { Who = new(context => context.GetInput<string>(name)!), Result = new(greeting) },
                new If(context => greeting.Get(context)!.Length > 12) { Then = new WriteLine("What a name!"), Else = new WriteLine(greeting) },
                new Event("Approved"),
                new SetOutput { OutputName = new("Said"), OutputValue = new(greeting) },
            },
        };
    }
}

/// <summary>A host as Elsa's users write it.</summary>
public static class GreetingHost
{
    public static WebApplication Create(WebApplicationBuilder builder, string connection)
    {
        builder.Services.AddElsa(elsa => elsa
            .AddActivitiesFrom<Greet>()
            .AddWorkflow<GreetingWorkflow>()
            .UseWorkflowManagement(management => management.UseEntityFrameworkCore(ef => ef.UseSqlite(connection)))
            .UseWorkflowRuntime(runtime => runtime.UseEntityFrameworkCore(ef => ef.UseSqlite(connection)))
            .UseJavaScript().UseLiquid().UseCSharp().UseScheduling().UseHttp());
        var app = builder.Build();
        app.UseWorkflows();
        return app;
    }
}
