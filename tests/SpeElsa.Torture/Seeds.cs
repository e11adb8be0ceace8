namespace SpeElsa.Torture;

internal static class Seeds
{
    /// <summary>Not <see cref="HashCode"/>, which is another one in every process.</summary>
    public static int Mix(params ReadOnlySpan<int> parts)
    {
        var result = 17u;
        foreach (var part in parts)
        {
            result = (result * 2_654_435_761) ^ (uint)part;
        }

        return (int)(result & int.MaxValue);
    }
}
