using System.Diagnostics;
using System.Text;
using Fluid;

namespace SpeElsa.Engine.Expressions.Liquid;

/// <summary>The limits of one rendering.</summary>
internal sealed class LiquidLimits(LiquidOptions options, CancellationToken cancellationToken)
{
    private const string Key = "Limits";
    private readonly long _start = Stopwatch.GetTimestamp();

    public static LiquidLimits Of(TemplateContext context) => (LiquidLimits)context.AmbientValues[Key];

    public void ApplyTo(TemplateContext context) => context.AmbientValues[Key] = this;

    public void Check()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(_start) > options.Timeout)
        {
            throw new ScriptException(
                $"The template took longer than {options.Timeout.TotalSeconds:0.###} s. Let it do less, or raise {nameof(LiquidOptions)}.{nameof(LiquidOptions.Timeout)}.");
        }
    }

    public void CheckRange(decimal from, decimal to)
    {
        Check();
        if (to - from > options.MaxSteps)
        {
            throw new ScriptException(
                $"The range from {from} to {to} has more than {options.MaxSteps} numbers. Use a smaller one, or raise {nameof(LiquidOptions)}.{nameof(LiquidOptions.MaxSteps)}.");
        }
    }

    public void CheckLength(long length)
    {
        Check();
        if (length > options.MaxLength)
        {
            throw new ScriptException(
                $"The template makes a text of more than {options.MaxLength} characters. Let it make less, or raise {nameof(LiquidOptions)}.{nameof(LiquidOptions.MaxLength)}.");
        }
    }
}

/// <summary>Collects what a template writes, within its limits.</summary>
internal sealed class LimitedWriter(LiquidLimits limits) : TextWriter
{
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.Unicode;

    public override void Write(char value)
    {
        limits.CheckLength(_text.Length + 1);
        _text.Append(value);
    }

    public override void Write(string? value)
    {
        limits.CheckLength((long)_text.Length + (value?.Length ?? 0));
        _text.Append(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        limits.CheckLength((long)_text.Length + count);
        _text.Append(buffer, index, count);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        limits.CheckLength((long)_text.Length + buffer.Length);
        _text.Append(buffer);
    }

    public override string ToString() => _text.ToString();
}
