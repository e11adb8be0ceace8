using System.Numerics;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Expressions.JavaScript;

/// <summary>Values go in and out as JSON: a script sees plain objects, and what it changes in them does not leak into the state.</summary>
internal sealed class JavaScriptValues(Jint.Engine engine)
{
    private const int MaxDepth = 120;

    public JsValue ToScript(object? value) => value switch
    {
        null => JsValue.Null,
        string text => new JsString(text),
        bool flag => flag ? JsBoolean.True : JsBoolean.False,
        int number => new JsNumber(number),
        long number => new JsNumber(number),
        double number => new JsNumber(number),
        byte[] bytes => engine.Intrinsics.Uint8Array.Construct(bytes),
        Stream stream => new StreamValue(engine, stream),
        _ => new JsonParser(engine, MaxDepth).Parse(EngineJson.Write(value)),
    };

    /// <exception cref="ScriptException">The value can not be stored.</exception>
    public object? FromScript(JsValue value) => value switch
    {
        _ when value.IsNull() || value.IsUndefined() => null,
        _ when value.IsBoolean() => value.AsBoolean(),
        _ when value.IsString() => PlainValue.WellFormed(value.AsString()),
        _ when value.IsNumber() => Number(value.AsNumber()),
        _ when value.IsBigInt() => Whole((BigInteger)value.ToObject()!),
        _ when value.IsSymbol() => throw new ScriptException("A script gave a symbol, which can not be stored. Give its description instead."),
        _ when value.IsCallable() => throw new ScriptException("A script gave a function, which can not be stored. Call it, and give what it returns."),
        _ when value.IsUint8Array() => value.AsUint8Array(),
        StreamValue stream => stream.Stream,
        ObjectWrapper wrapper => PlainValue.Of(wrapper.Target),
        _ => ToJson(value) is { } json ? EngineJson.Read<object>(json) : null,
    };

    /// <summary>JSON as JSON.stringify writes it, but bytes as base64; null for what has no JSON.</summary>
    public string? ToJson(JsValue value)
    {
        var json = new JsonSerializer(engine).Serialize(value, new ClrFunction(engine, "replace", (_, arguments) => Replace(arguments[1])), JsValue.Undefined);
        return json.IsString() ? json.AsString() : null;
    }

    /// <summary>As in JSON, what is no number is null: it could not be stored.</summary>
    private static object? Number(double number) => number switch
    {
        _ when !double.IsFinite(number) => null,
        >= long.MinValue and < long.MaxValue when Math.Floor(number) == number => (object)(long)number,
        _ => number,
    };

    private static long Whole(BigInteger number) => number >= long.MinValue && number <= long.MaxValue
        ? (long)number
        : throw new ScriptException($"A script gave a BigInt that is beyond 64 bits, which can not be stored. Give it as text, with toString().");

    private JsValue Replace(JsValue value) => value switch
    {
        _ when value.IsString() => new JsString(PlainValue.WellFormed(value.AsString())),
        _ when value.IsBigInt() => throw new JavaScriptException(engine.Intrinsics.TypeError, "A BigInt within an object can not be stored. Use Number() or toString()."),
        _ when value.IsUint8Array() => new JsString(Convert.ToBase64String(value.AsUint8Array())),
        StreamValue => throw new JavaScriptException(engine.Intrinsics.TypeError, "A stream within an object can not be stored. Use streamToBase64()."),
        ObjectWrapper wrapper => ToScript(PlainValue.Of(wrapper.Target)),
        _ => value,
    };
}

/// <summary>A stream in a script's hands: it can only be passed on.</summary>
internal sealed class StreamValue(Jint.Engine engine, Stream stream) : ObjectInstance(engine)
{
    public Stream Stream { get; } = stream;
}
