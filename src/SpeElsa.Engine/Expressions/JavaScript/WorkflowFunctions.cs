using System.Text;
using Jint.Native;
using Jint.Runtime.Interop;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Expressions.JavaScript;

/// <summary>Gives a script Elsa's functions. Those with names that never change come first; a variable, input or activity never takes one of these away.</summary>
internal sealed class WorkflowFunctions(Jint.Engine engine, ScriptScope scope, JavaScriptValues values)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public VariablesObject Variables { get; } = new(engine, scope, values);

    public void AddTo(string source)
    {
        engine.SetValue("variables", (JsValue)Variables);
        AddWorkflow();
        AddValues();
        AddText();
        AddNamed(source);
    }

    private void AddWorkflow()
    {
        Add("getWorkflowDefinitionId", _ => scope.Identity?.DefinitionId);
        Add("getWorkflowDefinitionVersionId", _ => scope.Identity?.Id);
        Add("getWorkflowDefinitionVersion", _ => scope.Identity?.Version);
        Add("getWorkflowInstanceId", _ => scope.Run?.Id);
        Add("getWorkflowInstanceName", _ => scope.Run?.Name);
        Add("setWorkflowInstanceName", arguments => Do(() => scope.SetName(Value(arguments, 0))));
        Add("getCorrelationId", _ => scope.Run?.CorrelationId);
        Add("setCorrelationId", arguments => Do(() => scope.SetCorrelationId(Value(arguments, 0))));
    }

    private void AddValues()
    {
        Add("getVariable", arguments => Variables.Read(Text(arguments, 0)));
        Add("setVariable", arguments => Do(() => Variables.Write(Text(arguments, 0), At(arguments, 1))));
        Add("getInput", arguments => scope.ReadInput(Text(arguments, 0)));
        Add("getOutputFrom", arguments => scope.ReadOutput(Text(arguments, 0), Value(arguments, 1) as string));
        Add("getLastResult", _ => scope.ReadLastResult());
        Add("utcNow", _ => JsValue.FromObject(engine, scope.Now.UtcDateTime));
    }

    private void AddText()
    {
        Add("isNullOrEmpty", arguments => string.IsNullOrEmpty(OptionalText(arguments)));
        Add("isNullOrWhiteSpace", arguments => string.IsNullOrWhiteSpace(OptionalText(arguments)));
        foreach (var name in (string[])["newGuid", "newGuidString", "getGuid", "getGuidString"])
        {
            Add(name, _ => Guid.NewGuid().ToString());
        }

        Add("newShortGuid", _ => ShortGuid());
        Add("getShortGuid", _ => ShortGuid());
        Add("parseGuid", arguments => Guid.Parse(Text(arguments, 0)).ToString());
        Add("toJson", arguments => values.ToJson(At(arguments, 0)) ?? "null");
        Add("parseJson", arguments => EngineJson.Read<object>(Text(arguments, 0)));
        Add("bytesToString", arguments => Encoding.UTF8.GetString(Bytes(arguments)));
        Add("bytesFromString", arguments => Encoding.UTF8.GetBytes(Text(arguments, 0)));
        Add("bytesToBase64", arguments => Convert.ToBase64String(Bytes(arguments)));
        Add("bytesFromBase64", arguments => Convert.FromBase64String(Text(arguments, 0)));
        Add("stringToBase64", arguments => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(arguments, 0))));
        Add("stringFromBase64", arguments => Encoding.UTF8.GetString(Convert.FromBase64String(Text(arguments, 0))));
        Add("streamToBytes", arguments => ReadStream(arguments));
        Add("streamToBase64", arguments => Convert.ToBase64String(ReadStream(arguments)));
    }

    private void AddNamed(string source)
    {
        foreach (var variable in scope.VariableNames)
        {
            Add("get" + ScriptNames.Pascal(variable), _ => Variables.Read(variable));
            Add("set" + ScriptNames.Pascal(variable), arguments => Do(() => Variables.Write(variable, At(arguments, 0))));
        }

        foreach (var (name, value) in scope.Arguments)
        {
            Add("get" + ScriptNames.Pascal(name), _ => value);
        }

        foreach (var input in scope.InputNames)
        {
            Add("get" + ScriptNames.Pascal(input), _ => scope.ReadInput(input));
        }

        // A workflow can have hundreds of outputs; few scripts name one.
        if (!source.Contains("From", StringComparison.Ordinal))
        {
            return;
        }

        foreach (var (name, activity, outputs) in scope.Outputs())
        {
            foreach (var output in outputs)
            {
                Add($"get{ScriptNames.Pascal(output)}From{ScriptNames.Pascal(name)}", _ => scope.ReadOutput(activity.Id, output));
            }
        }
    }

    private void Add(string name, Func<JsValue[], object?> function)
    {
        if (_names.Add(name))
        {
            engine.Advanced.AddLazyGlobal(name, _ => new ClrFunction(engine, name, (_, arguments) => function(arguments) switch
            {
                JsValue value => value,
                var result => values.ToScript(result),
            }));
        }
    }

    private static JsValue Do(Action action)
    {
        action();
        return JsValue.Undefined;
    }

    private static JsValue At(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    private object? Value(JsValue[] arguments, int index) => values.FromScript(At(arguments, index));

    private string Text(JsValue[] arguments, int index) => ObjectConverter.ConvertTo<string>(Value(arguments, index)) ?? "";

    private string? OptionalText(JsValue[] arguments) => ObjectConverter.ConvertTo<string>(Value(arguments, 0));

    /// <summary>Bytes that were stored in an untyped variable come back as base64.</summary>
    private byte[] Bytes(JsValue[] arguments) => Value(arguments, 0) switch
    {
        byte[] bytes => bytes,
        string base64 => Convert.FromBase64String(base64),
        IEnumerable<object?> numbers => [.. numbers.Select(ObjectConverter.ConvertTo<byte>)],
        _ => [],
    };

    private byte[] ReadStream(JsValue[] arguments)
    {
        if (At(arguments, 0) is not StreamValue { Stream: var stream })
        {
            return Bytes(arguments);
        }

        if (stream.CanSeek)
        {
            stream.Position = 0;
        }

        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static string ShortGuid() => Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
