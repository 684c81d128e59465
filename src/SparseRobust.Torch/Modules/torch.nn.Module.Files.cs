namespace SparseRobust.Torch;

public static partial class torch
{
    public static partial class nn
    {
        // TorchSharp's file: the number of entries; then of each its name, its type, the number of its sizes, its sizes and its bytes.
        // Numbers, and the names' lengths, have 7 bits a byte, the lowest first.
        public abstract partial class Module
        {
            /// <summary>Writes the parameters and the persistent buffers to a file in TorchSharp's format.</summary>
            /// <param name="location">The file; overwritten.</param>
            /// <param name="skip">Dotted names to leave out.</param>
            /// <returns>The module itself.</returns>
            public virtual Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            /// <summary>Writes the parameters and the persistent buffers in TorchSharp's format.</summary>
            /// <param name="writer">Where to; stays open.</param>
            /// <param name="skip">Dotted names to leave out.</param>
            /// <returns>The module itself.</returns>
            public virtual Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                var entries = state_dict().Where(entry => skip?.Contains(entry.Key) != true).ToList();
                writer.Write7BitEncodedInt64(entries.Count);
                foreach (var (name, value) in entries)
                {
                    writer.Write(name);
                    Write(writer, value);
                }
                return this;
            }

            /// <summary>Writes the parameters and the persistent buffers in TorchSharp's format.</summary>
            /// <param name="stream">Where to; stays open.</param>
            /// <param name="skip">Dotted names to leave out.</param>
            /// <returns>The module itself.</returns>
            public virtual Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return save(writer, skip);
            }

            /// <summary>Reads the parameters and the persistent buffers from a file that <see cref="save(string, IList{string})"/> or TorchSharp wrote.</summary>
            /// <param name="location">The file.</param>
            /// <param name="strict">Whether the file must hold every name of the module and no other.</param>
            /// <param name="skip">Dotted names whose values stay as they are.</param>
            /// <param name="loadedParameters">Filled with the names of the file and whether the module has them; null to do without.</param>
            /// <returns>The module itself.</returns>
            /// <exception cref="FileNotFoundException">There is no such file.</exception>
            /// <exception cref="ArgumentException">A name, a type or a shape does not fit; the module is as it was.</exception>
            public virtual Module load(
                string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            /// <summary>Reads the parameters and the persistent buffers in TorchSharp's format.</summary>
            /// <param name="reader">Where from; stays open.</param>
            /// <param name="strict">Whether there must be every name of the module and no other.</param>
            /// <param name="skip">Dotted names whose values stay as they are.</param>
            /// <param name="loadedParameters">Filled with the names that were read and whether the module has them; null to do without.</param>
            /// <returns>The module itself.</returns>
            /// <exception cref="EndOfStreamException">The data end too early; the module is as it was.</exception>
            /// <exception cref="ArgumentException">A name, a type or a shape does not fit; the module is as it was.</exception>
            public virtual Module load(
                BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var scope = NewDisposeScope();
                var own = state_dict();
                var found = Read(reader);
                RequireNames(own, found, strict);
                foreach (var (name, value) in found.Where(entry => own.ContainsKey(entry.Key)))
                    RequireFit(name, own[name], value);
                using var guard = no_grad();
                foreach (var (name, value) in found)
                {
                    if (own.TryGetValue(name, out var target) && skip?.Contains(name) != true)
                        target.copy_(value);
                    loadedParameters?.Add(name, target is not null);
                }
                return this;
            }

            /// <summary>Reads the parameters and the persistent buffers in TorchSharp's format.</summary>
            /// <param name="stream">Where from; stays open.</param>
            /// <param name="strict">Whether there must be every name of the module and no other.</param>
            /// <param name="skip">Dotted names whose values stay as they are.</param>
            /// <param name="loadedParameters">Filled with the names that were read and whether the module has them; null to do without.</param>
            /// <returns>The module itself.</returns>
            /// <exception cref="EndOfStreamException">The data end too early; the module is as it was.</exception>
            /// <exception cref="ArgumentException">A name, a type or a shape does not fit; the module is as it was.</exception>
            public virtual Module load(
                Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return load(reader, strict, skip, loadedParameters);
            }

            private static void Write(BinaryWriter writer, Tensor value)
            {
                using var scope = NewDisposeScope();
                var plain = value.detach().cpu().contiguous();
                writer.Write7BitEncodedInt64((long)plain.dtype);
                writer.Write7BitEncodedInt64(plain.shape.Length);
                foreach (var size in plain.shape)
                    writer.Write7BitEncodedInt64(size);
                writer.Write(plain.bytes);
            }

            private static Dictionary<string, Tensor> Read(BinaryReader reader)
            {
                var result = new Dictionary<string, Tensor>();
                for (var left = reader.Read7BitEncodedInt64(); left > 0; left--)
                {
                    var name = reader.ReadString();
                    var type = (ScalarType)reader.Read7BitEncodedInt64();
                    var shape = new long[reader.Read7BitEncodedInt64()];
                    for (var i = 0; i < shape.Length; i++)
                        shape[i] = reader.Read7BitEncodedInt64();
                    var value = empty(shape, type);
                    reader.BaseStream.ReadExactly(value.bytes);
                    result.Add(name, value);
                }
                return result;
            }

            private static void RequireNames(Dictionary<string, Tensor> own, Dictionary<string, Tensor> found, bool strict)
            {
                var missing = own.Keys.Except(found.Keys).ToList();
                var unexpected = found.Keys.Except(own.Keys).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new ArgumentException($"The state does not fit: missing [{string.Join(", ", missing)}], unexpected [{string.Join(", ", unexpected)}].");
            }

            private static void RequireFit(string name, Tensor own, Tensor value)
            {
                if (own.dtype != value.dtype)
                    throw new ArgumentException($"'{name}' has the type {own.dtype}, not {value.dtype}.");
                RequireShape(name, own, value);
            }
        }
    }
}
