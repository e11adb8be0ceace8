using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;

namespace SpeElsa.Engine.Expressions.JavaScript;

/// <summary>
/// The script's object "variables". An assignment writes the variable at once. An object or list that was read from it may be changed in place:
/// the change is written before the variable is read in another way, and when the script ends well.
/// </summary>
internal sealed class VariablesObject : ObjectInstance
{
    private readonly ScriptScope _scope;
    private readonly JavaScriptValues _values;
    private readonly Dictionary<string, (JsValue Value, string? Json)> _read = new(StringComparer.Ordinal);

    public VariablesObject(Jint.Engine engine, ScriptScope scope, JavaScriptValues values)
        : base(engine)
    {
        _scope = scope;
        _values = values;
        Prototype = engine.Intrinsics.Object.PrototypeObject;
    }

    /// <summary>Reads a variable for the functions beside this object.</summary>
    public JsValue Read(string name)
    {
        Write(name);
        return _values.ToScript(_scope.ReadVariable(name));
    }

    /// <summary>Writes a variable for the functions beside this object.</summary>
    public void Write(string name, JsValue value)
    {
        _scope.WriteVariable(name, _values.FromScript(value));
        _read.Remove(name);
    }

    /// <summary>Writes what was changed in place.</summary>
    public void WriteChanges()
    {
        foreach (var name in _read.Keys)
        {
            Write(name);
        }
    }

    public override JsValue Get(JsValue property, JsValue receiver) => IsVariable(property) ? ReadLive(property.ToString()) : base.Get(property, receiver);

    public override bool Set(JsValue property, JsValue value, JsValue receiver)
    {
        Write(property.ToString(), value);
        return true;
    }

    public override PropertyDescriptor GetOwnProperty(JsValue property) => IsVariable(property)
        ? new PropertyDescriptor(ReadLive(property.ToString()), writable: true, enumerable: true, configurable: true)
        : base.GetOwnProperty(property);

    public override bool HasProperty(JsValue property) => IsVariable(property) || base.HasProperty(property);

    public override List<JsValue> GetOwnPropertyKeys(Types types = Types.String | Types.Symbol) =>
        types.HasFlag(Types.String) ? [.. _scope.VariableNames.Select(name => new JsString(name))] : [];

    private bool IsVariable(JsValue property) => property is JsString name && _scope.HasVariable(name.ToString());

    private JsValue ReadLive(string name)
    {
        if (_read.TryGetValue(name, out var read))
        {
            return read.Value;
        }

        var value = _values.ToScript(_scope.ReadVariable(name));
        if (value is ObjectInstance and not StreamValue)
        {
            _read[name] = (value, _values.ToJson(value));
        }

        return value;
    }

    private void Write(string name)
    {
        if (_read.TryGetValue(name, out var read) && _values.ToJson(read.Value) is var json && json != read.Json)
        {
            _scope.WriteVariable(name, _values.FromScript(read.Value));
            _read[name] = (read.Value, json);
        }
    }
}
