namespace SpeElsa.Cli.Commands;

/// <summary>How the program ends.</summary>
internal static class ExitCodes
{
    /// <summary>It did what it was asked; a bundle is genuine; a watched move has finished.</summary>
    public const int Ok = 0;

    /// <summary>A bundle is not genuine; a watched move has ended otherwise than finished.</summary>
    public const int NotGenuine = 1;

    /// <summary>The arguments can not be used, or a file can not be read.</summary>
    public const int Unusable = 2;

    /// <summary>The server can not be reached, or could not do it now.</summary>
    public const int Unreachable = 3;

    /// <summary>The server refused: what it was asked does not fit, is not there, or is not allowed.</summary>
    public const int Refused = 4;
}
