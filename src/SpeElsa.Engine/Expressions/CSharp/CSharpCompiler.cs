using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace SpeElsa.Engine.Expressions.CSharp;

/// <summary>Compiles scripts into assemblies that can be unloaded when nobody holds the script any more.</summary>
internal sealed class CSharpCompiler(CSharpOptions options)
{
    private readonly ScriptOptions _options = ScriptOptions.Default
        .WithReferences(
        [
            typeof(object).Assembly,
            typeof(Enumerable).Assembly,
            typeof(JsonSerializer).Assembly,
            typeof(Microsoft.CSharp.RuntimeBinder.Binder).Assembly,
            typeof(CSharpGlobals).Assembly,
            .. options.Assemblies,
        ])
        .WithImports(options.Namespaces)
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithAllowUnsafe(false);

    /// <exception cref="ScriptException">The script can not be compiled; the message lists the errors with line and column.</exception>
    public Func<CSharpGlobals, Task<object?>> Compile(string source, CancellationToken cancellationToken)
    {
        var context = new AssemblyLoadContext("C# script", isCollectible: true);
        Submission[] submissions = [.. Scripts(source).Select(script => Load(script, context, cancellationToken))];
        return async globals =>
        {
            // The first place holds the globals; each submission puts itself into the next.
            var states = new object?[submissions.Length + 1];
            states[0] = globals;
            object? result = null;
            foreach (var submission in submissions)
            {
                result = await submission(states);
            }

            return result;
        };
    }

    /// <summary>The host's scripts, each seen by the next, and last the one to run.</summary>
    private IEnumerable<Script> Scripts(string source)
    {
        Script<object>? last = null;
        foreach (var text in options.Scripts.Append(source))
        {
            last = last is null ? CSharpScript.Create<object>(text, _options, typeof(CSharpGlobals)) : last.ContinueWith<object>(text, _options);
            yield return last;
        }
    }

    private static Submission Load(Script script, AssemblyLoadContext context, CancellationToken cancellationToken)
    {
        var compilation = script.GetCompilation();
        using var stream = new MemoryStream();
        var emitted = compilation.Emit(stream, cancellationToken: cancellationToken);
        if (!emitted.Success)
        {
            var errors = emitted.Diagnostics.Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error).Select(Describe);
            throw new ScriptException($"The script can not be compiled: {string.Join("; ", errors)}");
        }

        stream.Position = 0;
        var entry = compilation.GetEntryPoint(cancellationToken)!;
        return context.LoadFromStream(stream).GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!
            .CreateDelegate<Submission>();
    }

    private static string Describe(Diagnostic diagnostic)
    {
        var start = diagnostic.Location.GetMappedLineSpan().StartLinePosition;
        return $"line {start.Line + 1}, column {start.Character + 1}: {diagnostic.Id} {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }

    private delegate Task<object?> Submission(object?[] states);
}
