using System.Text;

namespace SpeElsa.Engine.Expressions;

/// <summary>Names as scripts write them.</summary>
internal static class ScriptNames
{
    /// <summary>Begins every word with a capital and leaves out what no identifier may have: "order id" becomes "OrderId".</summary>
    public static string Pascal(string name)
    {
        var text = new StringBuilder(name.Length);
        var begins = true;
        foreach (var character in name)
        {
            var belongs = char.IsLetterOrDigit(character) || character is '_';
            if (belongs)
            {
                text.Append(begins ? char.ToUpperInvariant(character) : character);
            }

            begins = !belongs;
        }

        return text.ToString();
    }
}
