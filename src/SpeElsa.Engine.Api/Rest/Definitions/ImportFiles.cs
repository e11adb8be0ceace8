using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>The files of an import: JSON, and archives of JSON. What they unpack to is bounded while it is read.</summary>
internal static class ImportFiles
{
    private const int MostFiles = 1000;
    private const long MostBytes = 64 * 1024 * 1024;

    /// <summary>Reads the files.</summary>
    /// <exception cref="BadRestRequestException">There are none, they can not be read, or they are too much.</exception>
    public static async Task<IReadOnlyList<(string Name, byte[] Content)>> ReadAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            throw new BadRestRequestException("files", "Send the files as multipart/form-data.");
        }

        var files = new List<(string Name, byte[] Content)>();
        var left = MostBytes;
        try
        {
            foreach (var file in (await request.ReadFormAsync(request.HttpContext.RequestAborted)).Files)
            {
                await using var content = file.OpenReadStream();
                if (file.FileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
                {
                    left = await UnpackAsync(file.FileName, content, files, left, request.HttpContext.RequestAborted);
                }
                else
                {
                    left = await AddAsync(file.FileName, content, files, left, request.HttpContext.RequestAborted);
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or (IOException and not BadHttpRequestException))
        {
            throw new BadRestRequestException("files", $"The files can not be read: {exception.Message}");
        }

        return files.Count > 0 ? files : throw new BadRestRequestException("files", "There is no file. Send *.json, or *.zip with *.json in it.");
    }

    private static async Task<long> UnpackAsync(string name, Stream content, List<(string Name, byte[] Content)> files, long left, CancellationToken cancellationToken)
    {
        await using var archive = new ZipArchive(content, ZipArchiveMode.Read);
        foreach (var entry in archive.Entries.Where(entry => entry.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
        {
            await using var unpacked = await entry.OpenAsync(cancellationToken);
            left = await AddAsync($"{name}/{entry.FullName}", unpacked, files, left, cancellationToken);
        }

        return left;
    }

    private static async Task<long> AddAsync(string name, Stream content, List<(string Name, byte[] Content)> files, long left, CancellationToken cancellationToken)
    {
        if (files.Count == MostFiles)
        {
            throw new BadRestRequestException("files", $"These are more than {MostFiles} files. Send them in parts.");
        }

        using var read = new MemoryStream();
        var buffer = new byte[81920];
        int count;
        while ((count = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            left -= count;
            if (left < 0)
            {
                throw new BadRestRequestException("files", $"The files are larger than {MostBytes / 1024 / 1024} MiB when unpacked. Send them in parts.", StatusCodes.Status413PayloadTooLarge);
            }

            read.Write(buffer, 0, count);
        }

        files.Add((name, read.ToArray()));
        return left;
    }
}
