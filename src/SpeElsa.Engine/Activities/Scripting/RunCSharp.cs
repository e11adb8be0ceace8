using System.ComponentModel;
using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Expressions;
using SpeElsa.Engine.Expressions.CSharp;

namespace Elsa.Expressions.CSharp.Activities;

/// <summary>
/// Runs C#, with the rights of the process; the host has to allow it. What it returns is the result; SetOutcome and SetOutcomes say how it ends, without
/// them it is "Done". After a crash it may be run again from its beginning.
/// </summary>
[Activity("Elsa", "RunCSharp", 1, "Executes C# code", "Scripting", DisplayName = "Run C#")]
[Browsable(false)]
public class RunCSharp : CodeActivity<object>
{
    /// <summary>Creates an empty one.</summary>
    public RunCSharp()
    {
    }

    /// <summary>Runs a script.</summary>
    public RunCSharp(string script) => Script = new Input<string>(script);

    /// <summary>The script. Written as a C# expression, it is the script itself; in another syntax, that gives the script.</summary>
    [Input(Description = "The script to run.", UIHint = "code-editor", DefaultSyntax = "CSharp", AutoEvaluate = false)]
    public Input<string> Script { get; set; } = new("");

    /// <summary>The outcomes the designer draws.</summary>
    [Input(Description = "A list of possible outcomes.", UIHint = "dynamic-outcomes")]
    public Input<ICollection<string>> PossibleOutcomes { get; set; } = new([]);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var runner = context.GetService<CSharpRunner>()
            ?? throw new InvalidOperationException("This server does not allow C#. Allow it at its start with AddCSharpExpressions(), or use Run JavaScript.");
        var globals = new CSharpGlobals(new ScriptScope(context.ExpressionExecutionContext, ExpressionEvaluatorOptions.Empty));
        var result = await runner.RunAsync(await ScriptText.ReadAsync(Script, "CSharp", context), globals);
        context.Set(Result, PlainValue.Of(result));
        if (globals.Outcomes.Count > 0)
        {
            await context.CompleteActivityWithOutcomesAsync([.. globals.Outcomes]);
        }
    }
}
