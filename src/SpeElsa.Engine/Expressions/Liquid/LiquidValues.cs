using System.Globalization;
using System.Text.Encodings.Web;
using Fluid.Values;
using Microsoft.Extensions.Configuration;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Expressions.Liquid;

/// <summary>Shows values to templates as plain data, so that they reach nothing of .NET but the properties of registered types.</summary>
internal sealed class LiquidValues(IReadOnlySet<Type> types)
{
    public FluidValue ToLiquid(object? value) => value switch
    {
        null or Stream => NilValue.Instance,
        FluidValue same => same,
        string text => new StringValue(text),
        bool flag => BooleanValue.Create(flag),
        double number => Number(number),
        float number => Number(number),
        decimal or byte or sbyte or short or ushort or int or uint or long or ulong => NumberValue.Create(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        DateTime moment => new DateTimeValue(moment),
        DateTimeOffset moment => new DateTimeValue(moment),
        byte[] bytes => new BytesValue(bytes),
        IDictionary<string, object?> map => new DictionaryValue(new DataIndex(map, this)),
        IEnumerable<object?> items => new ArrayValue([.. items.Select(ToLiquid)]),
        _ when types.Contains(value.GetType()) => new ObjectValue(value),
        Enum or Guid or TimeSpan or DateOnly or TimeOnly or Uri or char => new StringValue(ObjectConverter.ConvertTo<string>(value) ?? ""),
        _ => ToLiquid(PlainValue.Of(value)),
    };

    // Compared as text is read: a cast of a decimal to double is itself off by a bit for some numbers, and would call a rounded one the same.
    private static FluidValue Number(double number) =>
        decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var same)
        && double.Parse(same.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) == number
            ? NumberValue.Create(same)
            : new DoubleValue(number);

    /// <summary>The data a template's value stands for.</summary>
    public static object? FromLiquid(FluidValue value) => value switch
    {
        NilValue or EmptyValue or BlankValue => null,
        NumberValue number => number.ToNumberValue() is var found && decimal.IsInteger(found) && found is >= long.MinValue and <= long.MaxValue ? (long)found : found,
        ArrayValue array => array.Values.Select(FromLiquid).ToList(),
        DictionaryValue { } map when map.ToObjectValue() is DataIndex data => data.Source,
        DictionaryValue { } map when map.ToObjectValue() is IFluidIndexable index =>
            index.Keys.ToDictionary(key => key, key => index.TryGetValue(key, out var found) ? FromLiquid(found) : null),
        _ => value.ToObjectValue(),
    };
}

/// <summary>An object as data.</summary>
internal sealed class DataIndex(IDictionary<string, object?> source, LiquidValues values) : IFluidIndexable
{
    public IDictionary<string, object?> Source { get; } = source;

    public int Count => Source.Count;

    public IEnumerable<string> Keys => Source.Keys;

    public bool TryGetValue(string name, out FluidValue value)
    {
        var found = Source.TryGetValue(name, out var data);
        value = values.ToLiquid(data);
        return found;
    }
}

/// <summary>Names whose values are read when a template asks for them.</summary>
internal sealed class LookUpIndex(Func<IEnumerable<string>> names, Func<string, object?> read, LiquidValues values, LiquidLimits limits) : IFluidIndexable
{
    public int Count => names().Count();

    public IEnumerable<string> Keys => names();

    public bool TryGetValue(string name, out FluidValue value)
    {
        limits.Check();
        value = values.ToLiquid(read(name));
        return !value.IsNil();
    }
}

/// <summary>A section of the host's configuration.</summary>
internal sealed class ConfigurationIndex(IConfiguration section) : IFluidIndexable
{
    public int Count => section.GetChildren().Count();

    public IEnumerable<string> Keys => section.GetChildren().Select(child => child.Key);

    public bool TryGetValue(string name, out FluidValue value)
    {
        var child = section.GetSection(name);
        value = child.GetChildren().Any() ? new DictionaryValue(new ConfigurationIndex(child)) : child.Value is { } text ? new StringValue(text) : NilValue.Instance;
        return child.Exists();
    }
}

/// <summary>Bytes: written as base64.</summary>
internal sealed class BytesValue(byte[] bytes) : ObjectValueBase(bytes)
{
    public override string ToStringValue() => Convert.ToBase64String(bytes);

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo)
    {
        writer.Write(ToStringValue());
        return ValueTask.CompletedTask;
    }
}

/// <summary>A number that Liquid's own, which are decimals, would round or could not hold.</summary>
internal sealed class DoubleValue(double number) : FluidValue
{
    public override FluidValues Type => FluidValues.Number;

    public override bool Equals(FluidValue other) =>
        other is DoubleValue same ? same.ToNumber().Equals(number) : other?.Type is FluidValues.Number && other.ToNumberValue() == ToNumberValue();

    public override bool Equals(object? obj) => obj is FluidValue other && Equals(other);

    public override int GetHashCode() => number.GetHashCode();

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => number switch
    {
        double.NaN => 0,
        >= (double)decimal.MaxValue => decimal.MaxValue,
        <= (double)decimal.MinValue => decimal.MinValue,
        _ => (decimal)number,
    };

    public override object ToObjectValue() => number;

    public override string ToStringValue() => number.ToString("R", CultureInfo.InvariantCulture);

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo)
    {
        writer.Write(ToStringValue());
        return ValueTask.CompletedTask;
    }

    private double ToNumber() => number;
}
