namespace SpeElsa.Activities;

/// <summary>Which directories hold the data of the instances, and where each goes on the new server.</summary>
/// <param name="Key">A short name that is the same each time.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="Source">The directory on the old server.</param>
/// <param name="Target">The directory on the new server.</param>
internal sealed record DataMove(string Key, string InstanceId, string Source, string Target)
{
    /// <summary>
    /// Base directories go below the data directory under the instance's id, or stay where they are when none is given. Stores outside the
    /// base directory keep their path, since the database of their instance names it.
    /// </summary>
    public static IReadOnlyList<DataMove> Of(MoveBaseline baseline, string? dataDirectory) =>
        [.. baseline.Instances.SelectMany(instance => Of(instance, dataDirectory)).Where(directory => HasDrive(directory.Source))];

    public static string TargetOf(BaselineInstance instance, string? dataDirectory) =>
        string.IsNullOrWhiteSpace(dataDirectory) || !HasDrive(instance.BaseDirectory)
            ? Trim(instance.BaseDirectory)
            : $@"{Trim(dataDirectory)}\{instance.Id}";

    /// <summary>A base directory on a network share is reached from the new server as it is.</summary>
    private static bool HasDrive(string path) => path.Length > 2 && path[1] == ':';

    private static IEnumerable<DataMove> Of(BaselineInstance instance, string? dataDirectory) =>
    [
        new(instance.Id, instance.Id, Trim(instance.BaseDirectory), TargetOf(instance, dataDirectory)),
        .. instance.Stores
            .Where(store => store.Path is { Length: > 0 } path && !IsInside(path, instance.BaseDirectory))
            .Select(store => new DataMove($"{instance.Id}-store{store.Id}", instance.Id, Trim(store.Path!), Trim(store.Path!))),
    ];

    public static bool AreSame(string left, string right) => string.Equals(Trim(left), Trim(right), StringComparison.OrdinalIgnoreCase);

    private static bool IsInside(string path, string directory) =>
        AreSame(path, directory) || path.StartsWith(Trim(directory) + @"\", StringComparison.OrdinalIgnoreCase);

    private static string Trim(string path) => path.TrimEnd('\\');
}
