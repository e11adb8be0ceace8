using Acornima;
using Elsa.Expressions.Models;
using Jint;
using Jint.Runtime;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Definitions;
using Script = Acornima.Ast.Script;

namespace SpeElsa.Engine.Expressions.JavaScript;

/// <summary>Runs scripts by Jint: an expression, or statements with a return. They reach nothing of .NET but the functions given to them, unless the options say so.</summary>
internal sealed class JavaScriptRunner(IOptions<JavaScriptOptions> options)
{
    private static readonly ScriptPreparationOptions Preparation = new() { ParsingOptions = new ScriptParsingOptions { AllowReturnOutsideFunction = true } };
    private readonly BoundedCache<string, Prepared<Script>> _scripts = new(options.Value.CacheSize);

    /// <summary>Runs a script.</summary>
    /// <param name="source">The script.</param>
    /// <param name="context">What it sees.</param>
    /// <param name="evaluation">Arguments of this one evaluation.</param>
    /// <param name="configure">Adds further functions; they get the conversion of values.</param>
    /// <exception cref="ScriptException">The script can not be read, went wrong, met a limit, or gave what can not be stored.</exception>
    public object? Run(string source, ExpressionExecutionContext context, ExpressionEvaluatorOptions evaluation, Action<Jint.Engine, JavaScriptValues>? configure = null)
    {
        if (string.IsNullOrWhiteSpace(source))
        {
            return null;
        }

        try
        {
            var script = _scripts.GetOrAdd(source, static text => Jint.Engine.PrepareScript(text, options: Preparation));
            return Run(script, source, new ScriptScope(context, evaluation), configure);
        }
        catch (ExecutionCanceledException exception)
        {
            throw new OperationCanceledException("The script was stopped.", exception, context.CancellationToken);
        }
        catch (Exception exception) when (Explain(exception) is { } message)
        {
            throw new ScriptException(message, exception);
        }
    }

    /// <summary>What is wrong with the text of a script, or null. Nothing is run.</summary>
    public string? Check(string source)
    {
        try
        {
            Jint.Engine.PrepareScript(source, options: Preparation);
            return null;
        }
        catch (ScriptPreparationException exception)
        {
            return Explain(exception);
        }
    }

    private object? Run(Prepared<Script> script, string source, ScriptScope scope, Action<Jint.Engine, JavaScriptValues>? configure)
    {
        using var engine = new Jint.Engine(limits => Limit(limits, scope.Context.CancellationToken));
        var values = new JavaScriptValues(engine);
        var functions = new WorkflowFunctions(engine, scope, values);
        functions.AddTo(source);
        foreach (var (name, type) in options.Value.Types)
        {
            engine.SetValue(name, type);
        }

        foreach (var configuration in options.Value.Configurations)
        {
            configuration(engine);
        }

        configure?.Invoke(engine, values);
        var result = values.FromScript(engine.Evaluate(script).UnwrapIfPromise(options.Value.Timeout));
        functions.Variables.WriteChanges();
        return result;
    }

    private void Limit(Jint.Options limits, CancellationToken cancellationToken)
    {
        var given = options.Value;
        limits.TimeoutInterval(given.Timeout).LimitMemory(given.MemoryBytes).LimitRecursion(given.MaxRecursion).MaxStatements(given.MaxStatements)
            .RegexTimeoutInterval(given.Timeout).MaxArraySize((uint)Math.Min(int.MaxValue, given.MemoryBytes / 8)).CancellationToken(cancellationToken).Strict(false);

        // A script that calls itself without end would end the process, at every start again.
        limits.Constraints.StackOverflowGuard = true;
        if (given.AllowClrAccess)
        {
            limits.AllowClr(AppDomain.CurrentDomain.GetAssemblies());
        }
    }

    private string? Explain(Exception exception) => exception switch
    {
        JavaScriptException error => $"{error.Message} ({Place(error.Location.Start)})",
        ScriptPreparationException { InnerException: ParseErrorException error } => $"The script can not be read: {error.Description} ({Place(error.LineNumber, error.Column)})",
        ScriptPreparationException => $"The script can not be read: {exception.Message}",
        PromiseRejectedException rejected => $"The script's promise was rejected: {rejected.RejectedValue}",
        TimeoutException => Limit($"ran longer than {options.Value.Timeout.TotalSeconds:0.###} s", "Let it do less", nameof(JavaScriptOptions.Timeout)),
        MemoryLimitExceededException => Limit($"allocated more than {options.Value.MemoryBytes} bytes", "Let it keep less", nameof(JavaScriptOptions.MemoryBytes)),
        StatementsCountOverflowException => Limit($"executed more than {options.Value.MaxStatements} statements", "Let it do less", nameof(JavaScriptOptions.MaxStatements)),
        RecursionDepthOverflowException => Limit($"made calls that nest deeper than {options.Value.MaxRecursion}", "Use a loop", nameof(JavaScriptOptions.MaxRecursion)),
        InsufficientExecutionStackException => "The script, or what it gave, is nested too deep. Use a loop, or flatten it.",
        _ => null,
    };

    private static string Limit(string what, string advice, string option) => $"The script {what}. {advice}, or raise {nameof(JavaScriptOptions)}.{option}.";

    private static string Place(Position position) => Place(position.Line, position.Column);

    private static string Place(int line, int column) => $"line {line}, column {column + 1}";
}

/// <summary>Reads scripts without running them.</summary>
internal sealed class JavaScriptSyntaxCheck(JavaScriptRunner runner) : IExpressionSyntaxCheck
{
    public string Type => "JavaScript";

    public string? Check(string source) => runner.Check(source);
}
