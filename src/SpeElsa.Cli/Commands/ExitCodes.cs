namespace SpeElsa.Cli.Commands;

/// <summary>How the program ends.</summary>
internal static class ExitCodes
{
    /// <summary>It did what it was asked; a bundle is genuine.</summary>
    public const int Ok = 0;

    /// <summary>A bundle is not genuine.</summary>
    public const int NotGenuine = 1;

    /// <summary>The arguments can not be used, or a file can not be read.</summary>
    public const int Unusable = 2;
}
