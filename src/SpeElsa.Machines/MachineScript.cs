namespace SpeElsa.Machines;

/// <summary>One of the scripts that this product runs on a Windows machine.</summary>
public sealed class MachineScript
{
    /// <summary>Makes a script of a text.</summary>
    /// <param name="name">Verb and noun; letters, digits and hyphens.</param>
    /// <param name="text">The script without the prelude; ASCII, Windows PowerShell 5.1.</param>
    /// <exception cref="ArgumentException">The name or the text cannot be one.</exception>
    public MachineScript(string name, string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(text);
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new ArgumentException($"'{name}' is not a script name; use letters, digits and hyphens.", nameof(name));
        }

        if (!text.All(char.IsAscii))
        {
            throw new ArgumentException(
                $"The script {name} is not ASCII; Windows PowerShell 5.1 would read it in the machine's code page.", nameof(text));
        }

        Name = name;
        Text = text;
    }

    /// <summary>The script's name, e.g. <c>Copy-Directory</c>.</summary>
    public string Name { get; }

    /// <summary>The script's text, without the prelude.</summary>
    public string Text { get; }

    /// <summary>The script's name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
