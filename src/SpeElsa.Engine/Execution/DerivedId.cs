using System.Security.Cryptography;
using System.Text;

namespace SpeElsa.Engine.Execution;

/// <summary>Ids that follow from stored facts, so that a burst that is run again after a crash makes the same ones.</summary>
internal static class DerivedId
{
    /// <summary>16 lower-case hex digits.</summary>
    public static string Of(string scope, long number) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{scope}/{number}")).AsSpan(0, 8));
}
