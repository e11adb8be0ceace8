using System.Data.Common;

namespace SpeElsa.Engine.Runtime;

/// <summary>Tells what is wrong with the store from what is wrong with what is stored.</summary>
internal static class StoreFailure
{
    /// <summary>Whether the database could not do its work, as on a full disk: nobody's fault, and over some day. Libraries wrap it at any depth.</summary>
    public static bool IsOne(Exception? exception) =>
        exception is DbException || (exception is not null and not InvalidOperationException && IsOne(exception.InnerException));
}
