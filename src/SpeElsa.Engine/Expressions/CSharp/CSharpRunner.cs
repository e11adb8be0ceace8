using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using Microsoft.Extensions.Options;

namespace SpeElsa.Engine.Expressions.CSharp;

/// <summary>Runs C# scripts by Roslyn. They run with the rights of the process and can not be stopped from outside: only who may do anything may write them.</summary>
internal sealed class CSharpRunner(IOptions<CSharpOptions> options)
{
    private readonly CSharpCompiler _compiler = new(options.Value);
    private readonly BoundedCache<string, Lazy<Task<Func<CSharpGlobals, Task<object?>>>>> _scripts = new(options.Value.CacheSize);

    /// <summary>Runs a script.</summary>
    /// <exception cref="ScriptException">The script can not be compiled.</exception>
    public async ValueTask<object?> RunAsync(string source, CSharpGlobals globals)
    {
        if (string.IsNullOrWhiteSpace(source))
        {
            return null;
        }

        globals.CancellationToken.ThrowIfCancellationRequested();
        var run = await CompileAsync(source).WaitAsync(globals.CancellationToken);
        return await run(globals);
    }

    /// <summary>Compiles on a thread of its own work, once for all who ask meanwhile. What can not be compiled is not kept.</summary>
    private async Task<Func<CSharpGlobals, Task<object?>>> CompileAsync(string source)
    {
        var compiled = _scripts.GetOrAdd(source, text => new Lazy<Task<Func<CSharpGlobals, Task<object?>>>>(() => Task.Run(() => _compiler.Compile(text, CancellationToken.None))));
        try
        {
            return await compiled.Value;
        }
        catch
        {
            _scripts.Remove(source);
            throw;
        }
    }
}

/// <summary>C#.</summary>
internal sealed class CSharpExpressionHandler(CSharpRunner runner) : IExpressionHandler
{
    public async ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options)
    {
        var value = await runner.RunAsync(expression.Value as string ?? expression.Value?.ToString() ?? "", new CSharpGlobals(new ScriptScope(context, options)));
        return returnType != typeof(object) && returnType.IsInstanceOfType(value) ? value : PlainValue.Of(value);
    }
}

/// <summary>The syntax of hosts that allow C#.</summary>
internal sealed class CSharpSyntax : IExpressionDescriptorProvider
{
    public IEnumerable<ExpressionDescriptor> GetDescriptors() => [BuiltInSyntaxes.Describe<CSharpExpressionHandler>("CSharp", "csharp", "C#")];
}
